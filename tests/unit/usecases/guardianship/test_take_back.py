"""An account that went over to somebody else is had back for 72 hours, and does nothing weighty as long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.contact.phone_change import ContactCooling
from eztong.domain.errors import AgreementNotAccepted, SessionMissing, TickMissing
from eztong.domain.events import Actor, EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.guardianship.guardianship import (
    TAKE_BACK_WITHIN,
    CareEnd,
    Guardianship,
    GuardianshipState,
    TakeBackOver,
    WardMissing,
)
from eztong.domain.holder import FreezeCause, FreezeReason, Holder, HolderState
from eztong.domain.identifiers import PartnerId
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.access.set_pin import SetPin, set_pin
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.contact.cooling import check_contact_settled
from eztong.usecases.freezing.freeze_from_session import freeze_from_session
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward, release_ward
from eztong.usecases.grants.switch_partner import SwitchPartner, switch_partner
from eztong.usecases.guardianship.limit_ward import SwitchForWard, switch_for_ward
from eztong.usecases.guardianship.take_back import TakeBack, take_back
from eztong.usecases.registration.accept_agreements import accept_agreements
from eztong.usecases.told_loss import lost_since
from tests.unit.usecases.access.ways import FRESH, PIN, give_passkey, give_pin
from tests.unit.usecases.guardianship.family import (
    account,
    guardianship,
    happened,
    kinds,
    run_birthdays,
)
from tests.unit.usecases.guardianship.handing import PHONE, grown, offer, taken
from tests.unit.usecases.recovery.acts import recover
from tests.unit.usecases.stage import LI, WANG, Stage, accepting


def have_back(stage: Stage, found: Guardianship, *, by: bytes = LI.session, understood: bool = True) -> Holder:
    return stage.act(take_back, TakeBack(session_hash=by, ward_id=found.ward_id, understood=understood))


def test_without_the_tick_nothing_is_had_back(stage: Stage) -> None:
    found = grown(stage)
    holder = taken(stage, found)
    with pytest.raises(TickMissing):
        have_back(stage, found, understood=False)
    assert account(stage, found.ward_id) == holder


def test_the_guardian_has_it_back_for_72_hours_and_hands_it_over_anew(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found)
    set_pin(SetPin(session_hash=FRESH, pin="135790", again="135790"), services=stage.services)
    stage.act(accept_agreements, accepting(stage, FRESH))
    back = have_back(stage, found)
    assert back == account(stage, found.ward_id)
    assert (back.phone_index, back.sealed_phone) == (None, None)
    with pytest.raises(SessionMissing):
        stage.read(lambda stored: find_unlocked(FRESH, stored=stored, now=stage.clock.now()))
    assert stage.read(lambda stored: stored.pins.get(found.ward_id)) is None
    with pytest.raises(AgreementNotAccepted):
        stage.read(lambda stored: check_consent(found.ward_id, stored=stored))
    told = {(one.topic.value, one.phone, one.params.get("what")) for one in stage.messages()}
    assert {("taken_over", PHONE, "taken_back"), ("taken_over", LI.phone, "taken_back")} <= told
    acts = stage.read(lambda stored: stored.acts.of_holder(found.ward_id))
    assert ActKind.ACCOUNT_TAKEN_BACK in {one.kind for one in acts}
    with pytest.raises(TakeBackOver):
        have_back(stage, found)
    offer(stage, found)


def test_it_is_had_back_also_from_whoever_froze_it_and_not_after_72_hours_nor_by_others(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found)
    with pytest.raises(WardMissing):
        have_back(stage, found, by=WANG.session)
    stage.clock.moment += TAKE_BACK_WITHIN
    stage.unlock(LI)
    with pytest.raises(TakeBackOver):
        have_back(stage, found)
    stage.clock.moment -= timedelta(minutes=1)
    stage.act(freeze_holder, FreezeHolder(holder_id=found.ward_id, cause=FreezeCause.SELF, channel="test"))
    stage.unlock(LI)
    assert have_back(stage, found).state is HolderState.ACTIVE


@pytest.mark.parametrize("reason", [FreezeReason.PHONE_LOST, FreezeReason.PAUSE])
def test_a_freeze_of_whoever_had_it_lies_under_no_other_one_after_it(stage: Stage, reason: FreezeReason) -> None:
    found = grown(stage)
    taken(stage, found)
    stop = StopWard(session_hash=LI.session, ward_id=found.ward_id)
    stage.act(freeze_from_session, FRESH, reason)
    stage.act(freeze_ward, stop)
    assert have_back(stage, found).freeze_cause is FreezeCause.GUARDIAN
    assert stage.act(release_ward, stop).state is HolderState.ACTIVE
    # Nor does a loss that they told stand in the way of whoever has it next.
    taken(stage, found, fresh=b"the next")
    stage.act(freeze_ward, stop)
    assert stage.read(lambda stored: lost_since(account(stage, found.ward_id), stored=stored)) is None


@pytest.mark.parametrize("is_guardian_first", [False, True])
def test_an_own_freeze_of_an_account_that_a_guardian_keeps_is_the_guardians(
    stage: Stage, *, is_guardian_first: bool
) -> None:
    found = grown(stage)
    stop = StopWard(session_hash=LI.session, ward_id=found.ward_id)
    if is_guardian_first:
        stage.act(freeze_ward, stop)
    own = FreezeHolder(holder_id=found.ward_id, cause=FreezeCause.SELF, channel="test")
    assert stage.act(freeze_holder, own).freeze_cause is FreezeCause.GUARDIAN
    assert stage.act(release_ward, stop).state is HolderState.ACTIVE
    offer(stage, found)


def lose(stage: Stage, reason: FreezeReason | None) -> None:
    """Let the guardian's account be frozen, for a loss or another reason."""
    command = FreezeHolder(holder_id=stage.holder_id(LI), cause=FreezeCause.SELF, channel="test", reason=reason)
    stage.act(freeze_holder, command)


@pytest.mark.parametrize("reason", [FreezeReason.PHONE_LOST, FreezeReason.ACCOUNT_STOLEN])
def test_a_loss_that_the_guardian_tells_has_back_what_went_over_lately(stage: Stage, reason: FreezeReason) -> None:
    found = grown(stage)
    taken(stage, found)
    set_pin(SetPin(session_hash=FRESH, pin="135790", again="135790"), services=stage.services)
    stage.clock.moment += TAKE_BACK_WITHIN - timedelta(minutes=1)
    stage.empty_outbox()
    lose(stage, reason)
    back = account(stage, found.ward_id)
    assert (back.state, back.phone_index) == (HolderState.ACTIVE, None)
    assert stage.read(lambda stored: stored.pins.get(found.ward_id)) is None
    told = {one.phone: one.params.get("case") for one in stage.messages() if one.topic.value == "taken_over"}
    assert told == {PHONE: "loss", LI.phone: "loss"}
    last = happened(stage, found.ward_id)[0]
    assert (last.kind, last.actor, last.fact("by")) == (EventKind.TAKEN_BACK, Actor.SYSTEM, "loss")


@pytest.mark.parametrize(("hours", "reason"), [(72, FreezeReason.PHONE_LOST), (1, FreezeReason.PAUSE), (1, None)])
def test_what_is_settled_stays_the_wards_and_so_it_does_where_no_loss_is_told(
    stage: Stage, hours: int, reason: FreezeReason | None
) -> None:
    found = grown(stage)
    taken(stage, found)
    stage.clock.moment += timedelta(hours=hours)
    lose(stage, reason)
    assert account(stage, found.ward_id).phone_index is not None


@pytest.mark.parametrize("hours", [1, 73])
def test_a_guardian_who_recovers_has_back_what_went_over_lately(stage: Stage, hours: int) -> None:
    give_pin(stage)
    found = grown(stage)
    taken(stage, found, fresh=b"the ward")
    stage.clock.moment += timedelta(hours=hours)
    recover(stage, pin=PIN)
    assert (account(stage, found.ward_id).phone_index is None) is (hours == 1)


def taken_at_17(stage: Stage) -> Guardianship:
    """Let the account go over twelve hours before the 18th birthday."""
    found = grown(stage, years=3)
    stage.clock.moment = datetime(2030, 3, 9, 4, tzinfo=UTC)
    session = replace(stage.session(LI.session), expires_at=stage.clock.now() + timedelta(days=30))
    stage.write(lambda uow: uow.sessions.update(session))
    stage.unlock(LI)
    taken(stage, found)
    return found


def test_the_72_hours_go_on_past_an_18th_birthday(stage: Stage) -> None:
    found = taken_at_17(stage)
    stage.clock.moment += TAKE_BACK_WITHIN - timedelta(minutes=1)
    run_birthdays(stage)
    stage.unlock(LI)
    assert have_back(stage, found).phone_index is None
    # Who is of age has it handed over anew, and no guardian from then on.
    taken(stage, found, fresh=b"the next")
    assert guardianship(stage, found.guardianship_id).ended_by is CareEnd.AGE


def test_when_they_are_over_guardianship_ends_by_itself_and_is_told_once(stage: Stage) -> None:
    found = taken_at_17(stage)
    stage.clock.moment += timedelta(hours=12)
    run_birthdays(stage)
    assert guardianship(stage, found.guardianship_id).state is GuardianshipState.ACTIVE
    assert "came_of_age" not in kinds(stage, found.ward_id)[-3:]
    stage.clock.moment += TAKE_BACK_WITHIN - timedelta(hours=12)
    stage.unlock(LI)
    with pytest.raises(WardMissing):
        have_back(stage, found)
    for _ in range(2):
        run_birthdays(stage)
    assert guardianship(stage, found.guardianship_id).ended_by is CareEnd.AGE
    adult = [one for one in happened(stage, found.ward_id) if one.fact("band") == "adult"]
    assert len(adult) == 1


@pytest.mark.parametrize("was_on", [True, False])
def test_partners_are_switched_as_they_were_when_it_went_over(stage: Stage, *, was_on: bool) -> None:
    found = grown(stage)
    hotel = PartnerId("hotel")
    if not was_on:
        off = SwitchForWard(session_hash=LI.session, ward_id=found.ward_id, partner_id=hotel, on=False)
        stage.act(switch_for_ward, off)
    taken(stage, found)
    stage.act(switch_partner, SwitchPartner(session_hash=FRESH, partner_id=hotel, on=not was_on))
    have_back(stage, found)
    assert stage.read(lambda stored: stored.grants.switches(found.ward_id)) == {hotel: was_on}


def test_weighty_acts_of_the_account_wait_as_long(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found)

    def settled() -> None:
        stage.read(lambda stored: check_contact_settled(found.ward_id, stored=stored, now=stage.clock.now()))

    with pytest.raises(ContactCooling):
        settled()
    stage.clock.moment += TAKE_BACK_WITHIN
    settled()


def test_a_passkey_of_whoever_had_it_goes_with_it(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found)
    give_passkey(stage, replace(LI, session=FRESH))
    assert stage.read(lambda stored: stored.passkeys.list(found.ward_id))
    have_back(stage, found)
    assert not stage.read(lambda stored: stored.passkeys.list(found.ward_id))
