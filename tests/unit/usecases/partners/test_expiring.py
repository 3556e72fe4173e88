"""What partners hold ends when it was said, is listed before, and hands over to a successor."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.errors import KeyRevoked, NotFound
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.certificate_request import CertificateRequest, CertificateState, OperatorDecision
from eztong.domain.merchants.merchant import MerchantOptions
from eztong.domain.partners.expiry import CERTIFIED_FOR, WARNED_BEFORE, Expiring, ExpiringKind, warned_within
from eztong.domain.partners.life_cycle import PartnerStateConflict
from eztong.domain.partners.partner import ApiKey, KeyExpired, PartnerState, Scope
from eztong.ports.act import SYSTEM
from eztong.usecases.merchants.issue_account_key import issue_account_key
from eztong.usecases.merchants.register_merchant import RegisterMerchant, register_merchant
from eztong.usecases.partners.authenticate_partner import (
    IssueApiKey,
    authenticate_partner,
    issue_api_key,
    revoke_api_key,
    rotate_api_key,
)
from eztong.usecases.partners.find_expiring import find_expiring
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import Stage

HOTEL = PartnerId("hotel")
DAY = timedelta(days=1)
SCOPES = frozenset({Scope.VERIFY})


def issuing(days: int | None, *, label: str = "till", scopes: frozenset[Scope] = SCOPES) -> IssueApiKey:
    life = None if days is None else timedelta(days=days)
    return IssueApiKey(partner_id=HOTEL, label=label, scopes=scopes, live=False, life=life)


def issue(stage: Stage, days: int | None) -> tuple[ApiKey, str]:
    return stage.act(issue_api_key, issuing(days), by=SYSTEM)


def expiring(stage: Stage) -> list[Expiring]:
    return list(stage.act(find_expiring).those)


@pytest.mark.parametrize(
    ("left", "within"),
    [
        (timedelta(days=30, milliseconds=1), None),
        (timedelta(days=30), timedelta(days=30)),
        (timedelta(days=7, milliseconds=1), timedelta(days=30)),
        (timedelta(days=7), timedelta(days=7)),
        (timedelta(days=1), timedelta(days=1)),
        (timedelta(milliseconds=1), timedelta(days=1)),
        (timedelta(0), timedelta(0)),
        (timedelta(days=-1), timedelta(0)),
    ],
)
def test_it_is_said_thirty_days_seven_days_and_one_day_before(left: timedelta, within: timedelta | None) -> None:
    assert warned_within(START + left, now=START) == within


def test_what_ends_soon_is_listed_and_nothing_else(stage: Stage) -> None:
    issue(stage, None)
    issue(stage, 31)
    month, _ = issue(stage, 30)
    week, _ = issue(stage, 7)
    gone, _ = issue(stage, 5)
    stage.act(revoke_api_key, HOTEL, gone.key_id, by=SYSTEM)
    pair = stage.act(issue_account_key, HOTEL, label="server", lasts=8 * DAY, by=SYSTEM).key
    stage.act(issue_account_key, HOTEL, label="temporary", life=DAY, by=SYSTEM)
    found = expiring(stage)
    assert [(one.kind, one.name, one.within) for one in found] == [
        (ExpiringKind.API_KEY, week.key_id, WARNED_BEFORE[1]),
        (ExpiringKind.ACCOUNT_KEY, pair.secret_id, WARNED_BEFORE[2]),
        (ExpiringKind.API_KEY, month.key_id, WARNED_BEFORE[2]),
    ]
    assert all(one.is_refused_after for one in found)
    stage.clock.pass_by(days=7)
    assert week.key_id not in {one.name for one in expiring(stage)}
    stage.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.CLOSED))
    assert expiring(stage) == []


def test_a_certified_key_is_to_be_renewed_after_two_years_and_goes_on(stage: Stage) -> None:
    request = CertificateRequest(
        request_id="csr_1",
        merchant_id="0EZT1",
        common_name="Hotel",
        public_key=b"key",
        document=b"csr",
        requested_by="li.na",
        requested_at=START,
    )
    decision = OperatorDecision(operator="wang", reason="ok", at=START)
    options = RegisterMerchant(partner_id=HOTEL, scene="hotel_check_in", name="Hotel", options=MerchantOptions())
    merchant = stage.act(register_merchant, options, by=SYSTEM)
    asked = replace(request, merchant_id=merchant.merchant_id)
    approved = replace(asked, state=CertificateState.APPROVED, decision=decision)
    stage.write(lambda uow: uow.merchants.add_certificate_request(asked))
    stage.write(lambda uow: uow.merchants.decide_certificate_request(approved))
    stage.write(lambda uow: uow.merchants.update(replace(merchant, certified_key=b"key")))
    assert expiring(stage) == []
    stage.clock.pass_by(days=CERTIFIED_FOR.days - 1)
    [soon] = expiring(stage)
    assert (soon.name, soon.within, soon.is_refused_after) == (merchant.merchant_id, WARNED_BEFORE[0], False)
    stage.clock.pass_by(days=40)
    [over] = expiring(stage)
    assert over.within == timedelta(0)


def test_both_keys_work_until_the_overlap_is_over(stage: Stage) -> None:
    old, old_text = issue(stage, None)
    command = issuing(365, label="not this", scopes=frozenset(Scope))
    new, text = stage.act(rotate_api_key, old.key_id, command, overlap=3 * DAY, by=SYSTEM)
    assert (new.label, new.scopes, new.expires_at) == (old.label, old.scopes, START + 365 * DAY)
    stage.clock.pass_by(days=3, milliseconds=-1)
    for one in (old_text, text):
        stage.act(authenticate_partner, one)
    stage.clock.pass_by(milliseconds=1)
    with pytest.raises(KeyExpired):
        stage.act(authenticate_partner, old_text)
    assert stage.act(authenticate_partner, text).key == new


def test_what_ends_sooner_still_does_and_without_overlap_it_ends_at_once(stage: Stage) -> None:
    old, text = issue(stage, 1)
    new, _ = stage.act(rotate_api_key, old.key_id, issuing(None), overlap=3 * DAY, by=SYSTEM)
    ends = {key.key_id: key.expires_at for key in stage.read(lambda stored: stored.partners.keys(HOTEL))}
    assert ends == {old.key_id: START + DAY, new.key_id: None}
    stage.act(rotate_api_key, old.key_id, issuing(None), overlap=timedelta(0), by=SYSTEM)
    with pytest.raises(KeyRevoked):
        stage.act(authenticate_partner, text)
    with pytest.raises(NotFound):
        stage.act(rotate_api_key, old.key_id, issuing(None), overlap=DAY, by=SYSTEM)


def test_a_closed_partner_gets_no_successor(stage: Stage) -> None:
    old, _ = issue(stage, None)
    stage.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.CLOSED))
    with pytest.raises(PartnerStateConflict):
        stage.act(rotate_api_key, old.key_id, issuing(None), overlap=DAY, by=SYSTEM)
