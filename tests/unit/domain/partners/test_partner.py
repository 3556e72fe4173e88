"""Partners: what a key may do, and who gets no answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.errors import KeyRevoked, PartnerSuspended, ScopeMissing
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import ApiKey, Caller, Partner, PartnerState, Scope, check_caller
from tests.simulators.batches import NOW

HOTEL = Partner(
    partner_id=PartnerId("hotel"),
    name="酒店",
    name_en="Hotel",
    sector_id="hospitality",
    state=PartnerState.APPROVED,
    created_at=NOW,
)
KEY = ApiKey(
    key_id="key_1",
    partner_id=HOTEL.partner_id,
    label="till",
    scopes=frozenset({Scope.VERIFY}),
    created_at=NOW,
    expires_at=NOW + timedelta(days=1),
)


@pytest.mark.parametrize("scope", Scope)
def test_a_key_does_what_its_scopes_say_and_a_refusal_names_the_scope(scope: Scope) -> None:
    caller = Caller(HOTEL, KEY)
    if scope is Scope.VERIFY:
        caller.require(scope)
        return
    with pytest.raises(ScopeMissing, match=f"a key with the scope {scope}"):
        caller.require(scope)


def test_a_key_works_until_its_end_and_not_after_it_was_revoked() -> None:
    assert check_caller(HOTEL, KEY, now=NOW + timedelta(days=1, milliseconds=-1)) == Caller(HOTEL, KEY)
    with pytest.raises(KeyRevoked):
        check_caller(HOTEL, KEY, now=NOW + timedelta(days=1))
    with pytest.raises(KeyRevoked):
        check_caller(HOTEL, replace(KEY, revoked_at=NOW), now=NOW)


@pytest.mark.parametrize("state", [one for one in PartnerState if one is not PartnerState.APPROVED])
def test_only_an_approved_partner_gets_answers(state: PartnerState) -> None:
    with pytest.raises(PartnerSuspended):
        check_caller(replace(HOTEL, state=state), KEY, now=NOW)
