"""Partners are registered, suspended and resumed, and known by keys that are shown once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec.structs import replace as with_changes

from eztong.domain.errors import InputInvalid, KeyRevoked, KeyUnknown, NotFound, PartnerSuspended, StateConflict
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import ApiKey, KeyExpired, Partner, PartnerStage, PartnerState, Scope
from eztong.ports.act import SYSTEM
from eztong.usecases.partners.authenticate_partner import (
    IssueApiKey,
    authenticate_partner,
    check_still,
    issue_api_key,
    revoke_api_key,
    see_partner,
)
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.partners.register_partner import (
    RegisterPartner,
    approve_scene,
    register_partner,
)
from eztong.usecases.partners.suspend_partner import suspend_partner
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import Stage

HOTEL = PartnerId("hotel")
BANK = RegisterPartner(partner_id=PartnerId("bank-1"), name="银行", name_en="Bank", sector_id="finance")
SCOPES = frozenset({Scope.VERIFY, Scope.READ})


def issue(stage: Stage, *, life: timedelta | None = None, partner_id: PartnerId = HOTEL) -> tuple[ApiKey, str]:
    command = IssueApiKey(partner_id=partner_id, label="till", scopes=SCOPES, live=False, life=life)
    return stage.act(issue_api_key, command, by=SYSTEM)


def see(stage: Stage, text: str) -> object:
    return see_partner(text, store=stage.store, keys=stage.keys, now=stage.clock.now())


# --- registered ---------------------------------------------------------------------------------------------------


def test_a_registered_partner_is_approved_and_may_ask_nothing_yet(stage: Stage) -> None:
    made = stage.act(register_partner, BANK, by=SYSTEM)
    assert made == Partner(
        partner_id=PartnerId("bank-1"),
        name="银行",
        name_en="Bank",
        sector_id="finance",
        state=PartnerState.APPROVED,
        created_at=START,
        stage=PartnerStage.SANDBOX,
    )
    assert stage.act(find_partner, PartnerId("bank-1")) == made
    assert stage.read(lambda stored: stored.partners.scenes(made.partner_id)).is_empty


@pytest.mark.parametrize("partner_id", ["", "b", "1bank", "Bank", "bank_1", "b" * 41, "bank\n"])
def test_a_malformed_id_registers_nobody(stage: Stage, partner_id: str) -> None:
    with pytest.raises(InputInvalid):
        stage.act(register_partner, replace(BANK, partner_id=PartnerId(partner_id)), by=SYSTEM)
    assert stage.rows()["partners"] == 7


def test_an_id_that_is_taken_and_one_that_is_not_there(stage: Stage) -> None:
    with pytest.raises(StateConflict):
        stage.act(register_partner, replace(BANK, partner_id=HOTEL), by=SYSTEM)
    assert stage.partner().name == "示例酒店"
    with pytest.raises(NotFound):
        stage.act(find_partner, PartnerId("nobody"))


def test_a_scene_is_approved_once_for_a_partner_that_is_there(stage: Stage) -> None:
    scene = stage.read(lambda stored: stored.partners.scene(HOTEL, "hotel_check_in"))
    assert scene is not None
    other = replace(scene, scene="spa_entry")
    stage.act(approve_scene, HOTEL, other, by=SYSTEM)
    assert stage.read(lambda stored: stored.partners.scene(HOTEL, "spa_entry")) == other
    with pytest.raises(StateConflict):
        stage.act(approve_scene, HOTEL, other, by=SYSTEM)
    with pytest.raises(InputInvalid):
        stage.act(approve_scene, HOTEL, replace(scene, scene="Spa-Entry"), by=SYSTEM)
    with pytest.raises(NotFound):
        stage.act(approve_scene, PartnerId("nobody"), other, by=SYSTEM)


# --- keys ---------------------------------------------------------------------------------------------------------


def test_a_key_is_known_by_its_text_which_is_stored_nowhere(stage: Stage) -> None:
    key, text = issue(stage)
    assert text.startswith("ezt_sk_test_")
    assert (key.partner_id, key.label, key.scopes, key.created_at, key.expires_at) == (
        HOTEL,
        "till",
        SCOPES,
        START,
        None,
    )
    caller = stage.act(authenticate_partner, text)
    assert (caller.partner, caller.key) == (stage.partner(), key)
    assert text.encode() not in (stage.folder / "eztong.db").read_bytes()


@pytest.mark.parametrize("text", ["", "ezt_sk_test_short", "ezt_sk_test_" + "A" * 43])
def test_a_key_that_was_never_issued_is_unknown_by_either_way(stage: Stage, text: str) -> None:
    with pytest.raises(KeyUnknown):
        stage.act(authenticate_partner, text)
    with pytest.raises(KeyUnknown):
        see(stage, text)


def test_a_key_ends_at_its_time_or_when_it_is_revoked(stage: Stage) -> None:
    _, text = issue(stage, life=timedelta(days=1))
    other, lasting = issue(stage)
    stage.clock.pass_by(days=1, milliseconds=-1)
    stage.act(authenticate_partner, text)
    stage.clock.pass_by(milliseconds=1)
    with pytest.raises(KeyExpired):
        stage.act(authenticate_partner, text)
    stage.write(lambda uow: uow.partners.revoke_key(HOTEL, other.key_id, now=stage.clock.now()))
    with pytest.raises(KeyRevoked):
        stage.act(authenticate_partner, lasting)


def test_a_suspended_partner_gets_no_answer_and_nobody_no_key(stage: Stage) -> None:
    _, text = issue(stage)
    stage.act(suspend_partner, HOTEL, reason="key seen", by=SYSTEM)
    with pytest.raises(PartnerSuspended):
        stage.act(authenticate_partner, text)
    with pytest.raises(NotFound):
        issue(stage, partner_id=PartnerId("nobody"))


def test_what_was_seen_at_the_door_is_asked_again_when_something_changed(stage: Stage) -> None:
    key, text = issue(stage)
    seen = see_partner(text, store=stage.store, keys=stage.keys, now=stage.clock.now())
    assert seen.caller.key == key
    stage.act(check_still, seen)
    unknown = with_changes(seen, version=None)
    stage.act(check_still, unknown)
    with pytest.raises(KeyUnknown):
        stage.act(check_still, with_changes(unknown, key_hash=b"another"))
    stage.write(lambda uow: uow.partners.revoke_key(HOTEL, key.key_id, now=stage.clock.now()))
    with pytest.raises(KeyRevoked):
        stage.act(check_still, seen)
    stage.act(suspend_partner, HOTEL, reason="key seen", by=SYSTEM)
    with pytest.raises(KeyRevoked):
        stage.act(check_still, unknown)


def test_what_is_known_of_this_very_version_is_not_looked_up_again(stage: Stage) -> None:
    _, text = issue(stage)
    seen = see_partner(text, store=stage.store, keys=stage.keys, now=stage.clock.now())
    version = stage.write(lambda uow: uow.partners.version)
    stage.act(check_still, with_changes(seen, version=version, key_hash=b"not looked for"))


def test_a_key_that_a_round_read_lately_is_known_from_memory_and_still_checked(stage: Stage) -> None:
    key, text = issue(stage, life=timedelta(milliseconds=500))
    # The first use in an hour is written down, after which the key is read anew.
    stage.act(check_still, see_partner(text, store=stage.store, keys=stage.keys, now=stage.clock.now()))
    seen = see_partner(text, store=stage.store, keys=stage.keys, now=stage.clock.now())
    assert seen.version is None
    stage.act(check_still, seen)
    known = see_partner(text, store=stage.store, keys=stage.keys, now=stage.clock.now())
    assert known == with_changes(seen, version=stage.write(lambda uow: uow.partners.version))
    assert known.version is not None
    stage.clock.pass_by(milliseconds=500)
    with pytest.raises(KeyExpired):
        see(stage, text)
    assert key.expires_at == stage.clock.now()


def test_a_key_that_is_revoked_gets_no_answer_any_more_and_is_revoked_once_by_its_partner(stage: Stage) -> None:
    key, text = issue(stage)
    with pytest.raises(NotFound):
        stage.act(revoke_api_key, PartnerId("library"), key.key_id, by=SYSTEM)
    stage.act(revoke_api_key, HOTEL, key.key_id, by=SYSTEM)
    with pytest.raises(KeyRevoked):
        stage.act(authenticate_partner, text)
    with pytest.raises(NotFound):
        stage.act(revoke_api_key, HOTEL, key.key_id, by=SYSTEM)
