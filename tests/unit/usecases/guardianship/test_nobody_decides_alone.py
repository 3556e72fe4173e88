"""Whoever took an account, left a ward or ends one keeps neither staff nor another guardian from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.cli.guardians import _row
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.contact.phone_change import ChangeState, ChangeWay, ContactCooling, EndedBy, PhoneChangeOver
from eztong.domain.deregistration.deregistration import CLAIMS_WAIT
from eztong.domain.deregistration.deregistration import COOLING as LEAVING_COOLS
from eztong.domain.events import EventKind
from eztong.domain.guardianship.guardianship import LEFT_LATELY, TAKE_BACK_WITHIN, GuardianshipState
from eztong.domain.holder import FreezeCause, FreezeReason, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.authority_answer import AuthorityAnswer
from eztong.domain.notices import Topic
from eztong.domain.operators.operator import AboutOneself
from eztong.usecases.access.ask_for_account import AskForAccount, ask_for_account
from eztong.usecases.contact.cooling import change_for_account
from eztong.usecases.contact.keep_number import keep_from_session
from eztong.usecases.contact.stop_appeal import StopPhoneChange, stop_phone_change
from eztong.usecases.freezing.freeze_for_holder import FreezeForHolder, freeze_for_holder
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward
from eztong.usecases.freezing.freeze_without_sign_in import FreezeWithoutSignIn, freeze_without_sign_in
from eztong.usecases.guardianship.apply_for_child import apply_for_child
from eztong.usecases.guardianship.care import LEFT_BY_DEATH, is_asked_for
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_all, leave_ward
from eztong.usecases.number_of_before import rests_on_staff_alone
from eztong.usecases.vault import phone_index
from tests.simulators.due_work import settle_due_phone_changes
from tests.unit.usecases.access.ways import FRESH, NEW
from tests.unit.usecases.access.ways import typed as typed_code
from tests.unit.usecases.deregistration.leaving import ask as ask_to_leave
from tests.unit.usecases.deregistration.leaving import run as run_leaving
from tests.unit.usecases.guardianship.family import account, applying, guardianship, registered_child
from tests.unit.usecases.guardianship.handing import (
    GROWN,
    begin_appeal,
    claim,
    end_account,
    grown,
    leave,
    taken,
    unlock_later,
)
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, Stage, asker

TAKEN_BY = "13900000066"
APPEALED = "13900000088"


def let_appeal_pass(stage: Stage) -> None:
    stage.clock.moment += stage.services.deployment.appeal_wait
    settle_due_phone_changes(services=stage.services)


def has_phone(stage: Stage, ward_id: HolderId, phone: str) -> bool:
    return account(stage, ward_id).phone_index == phone_index(phone, keys=stage.keys)


def test_a_session_that_came_over_with_an_adults_account_stops_no_appeal_and_is_offered_no_button(stage: Stage) -> None:
    found = grown(stage, years=5)
    taken(stage, found, phone=TAKEN_BY)
    begin_appeal(stage)
    with pytest.raises(PhoneChangeOver):
        stage.act(keep_from_session, FRESH)
    looked = stage.read(lambda stored: change_for_account(FRESH, stored=stored, keys=stage.keys, now=stage.clock.now()))
    assert looked is None
    stage.clock.moment += TAKE_BACK_WITHIN
    session = replace(stage.session(FRESH), unlocked_until=stage.clock.now() + UNLOCK_LIFE)
    stage.write(lambda uow: uow.sessions.update(session))
    with pytest.raises(ContactCooling):
        ask_to_leave(stage, session=FRESH)
    let_appeal_pass(stage)
    assert has_phone(stage, found.ward_id, APPEALED)


def test_a_freeze_by_the_phone_that_came_over_stops_no_appeal_after_the_loss_was_told(stage: Stage) -> None:
    found = grown(stage, years=5)
    taken(stage, found, phone=TAKEN_BY)
    told = FreezeForHolder(number=GROWN.number, reason=FreezeReason.PHONE_LOST)
    freeze_for_holder(told, by=operator(stage, "li.na"), services=stage.services)
    begin_appeal(stage)
    stage.clock.moment += timedelta(days=1)
    asked = AskForAccount(
        asker=asker(NEW), purpose=OtpPurpose.FREEZE, name=GROWN.name, number=GROWN.number, language="zh-CN"
    )
    ask_for_account(asked, services=stage.services)
    stop = FreezeWithoutSignIn(code=typed_code(stage, OtpPurpose.FREEZE), reason=FreezeReason.PAUSE)
    stage.act(freeze_without_sign_in, stop)
    let_appeal_pass(stage)
    assert has_phone(stage, found.ward_id, APPEALED)


def test_a_call_stops_no_appeal_of_an_adult_whose_account_has_no_phone(stage: Stage) -> None:
    found = grown(stage, years=5)
    begin_appeal(stage)
    told = FreezeForHolder(number=GROWN.number, reason=FreezeReason.PAUSE)
    freeze_for_holder(told, by=operator(stage, "li.na"), services=stage.services)
    let_appeal_pass(stage)
    assert has_phone(stage, found.ward_id, APPEALED)


def test_an_operator_who_stops_the_account_stops_the_appeal_too(stage: Stage) -> None:
    found = grown(stage, years=5)
    taken(stage, found, phone=TAKEN_BY)
    waits = begin_appeal(stage)
    stop = FreezeHolder(holder_id=found.ward_id, cause=FreezeCause.OPERATOR, channel="operator")
    stage.act(freeze_holder, stop)
    ended = stage.read(lambda stored: stored.phone_changes.get(found.ward_id, waits.change_id))
    assert ended is not None
    assert (ended.state, ended.ended_by) == (ChangeState.STOPPED, EndedBy.FREEZE)


def test_staff_stop_an_appeal_that_its_holder_objects_to(stage: Stage) -> None:
    found = grown(stage, years=5)
    taken(stage, found, phone=TAKEN_BY)
    by = operator(stage, "li.na")
    with pytest.raises(PhoneChangeOver):
        stop_phone_change(StopPhoneChange(number=GROWN.number), by=by, services=stage.services)
    waits = begin_appeal(stage, by=by)
    stage.empty_outbox()
    stop_phone_change(StopPhoneChange(number=GROWN.number), by=by, services=stage.services)
    ended = stage.read(lambda stored: stored.phone_changes.get(found.ward_id, waits.change_id))
    assert ended is not None
    assert (ended.state, ended.ended_by) == (ChangeState.STOPPED, EndedBy.OPERATOR)
    assert Topic.PHONE_KEPT in {one.topic for one in stage.messages()}
    newest = stage.read(lambda stored: next(iter(stored.holders.events(found.ward_id))))
    assert (newest.kind, newest.fact("by")) == (EventKind.PHONE_CHANGE_STOPPED, "operator")
    let_appeal_pass(stage)
    assert has_phone(stage, found.ward_id, TAKEN_BY)


def test_an_appeal_that_cannot_be_read_is_ended_and_stays_so(stage: Stage) -> None:
    grown(stage, years=5)
    waits = begin_appeal(stage)
    stage.damage("phone_changes", "way")
    with pytest.raises(PhoneChangeOver):
        stop_phone_change(StopPhoneChange(number=GROWN.number), by=operator(stage, "li.na"), services=stage.services)
    query = "SELECT state, ended_by FROM phone_changes WHERE change_id = ?"
    assert stage.select(query, waits.change_id) == [("stopped", "operator")]
    assert ("contact", "RowDamaged") in stage.take_left_out()


def test_a_change_of_phone_that_the_ward_began_is_no_claim_of_anybody(stage: Stage) -> None:
    found = grown(stage, years=5)
    waits = begin_appeal(stage)
    ward = account(stage, found.ward_id)
    assert stage.read(lambda stored: is_asked_for(ward, stored=stored))
    stage.write(lambda uow: uow.phone_changes.end(waits, ChangeState.STOPPED, by=EndedBy.LINK, now=stage.clock.now()))
    own = replace(waits, change_id="phc_own", way=ChangeWay.MATCHED, link_hash=None, asked_at=stage.clock.now())
    stage.write(lambda uow: uow.phone_changes.add(own))
    assert not stage.read(lambda stored: is_asked_for(ward, stored=stored))


def test_an_operator_stops_no_appeal_for_an_own_ward(stage: Stage) -> None:
    found = grown(stage, years=5)
    begin_appeal(stage)
    leave(stage, found)
    own = operator(stage, "li.op", person=stage.holder(LI).number_index)
    with pytest.raises(AboutOneself):
        stop_phone_change(StopPhoneChange(number=GROWN.number), by=own, services=stage.services)


def test_a_number_of_before_that_cannot_be_read_is_one(stage: Stage) -> None:
    found = grown(stage, years=5)
    taken(stage, found)
    waits = begin_appeal(stage)
    damaged = replace(waits, sealed_old=b"damaged")
    holder = account(stage, found.ward_id)
    assert rests_on_staff_alone(waits, holder, keys=stage.keys)
    assert not rests_on_staff_alone(damaged, holder, keys=stage.keys)


def test_of_a_minor_whose_account_went_over_lately_nobody_appeals_for_the_number(stage: Stage) -> None:
    taken(stage, grown(stage))
    with pytest.raises(ContactCooling):
        begin_appeal(stage)


def test_that_an_appeal_found_an_account_is_on_record_before_the_authority_is_asked(stage: Stage) -> None:
    found = grown(stage, years=5)

    def die(*_: object, **__: object) -> AuthorityAnswer:
        raise KeyboardInterrupt

    stage.authority.match = die  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        begin_appeal(stage)
    newest = stage.read(lambda stored: next(iter(stored.holders.events(found.ward_id))))
    assert (newest.kind, newest.fact("asked_for")) == (EventKind.STAFF_READ, "number_appeal")


def test_an_operator_who_left_a_ward_a_moment_ago_decides_nothing_about_it(stage: Stage) -> None:
    found = registered_child(stage)
    by = operator(stage, "li.op", person=stage.holder(LI).number_index)
    rival = apply_for_child(applying(stage, WANG), services=stage.services)
    leave(stage, found)
    refusal = DecideRelation(guardianship_id=rival.guardianship_id, holds=False, words="no")
    with pytest.raises(AboutOneself):
        stage.act(decide_relation, refusal, by=by)
    assert guardianship(stage, rival.guardianship_id).state is GuardianshipState.DECLARED


def test_an_operator_who_left_an_adult_ward_gives_the_account_no_phone(stage: Stage) -> None:
    found = grown(stage, years=5)
    leave(stage, found)
    with pytest.raises(AboutOneself):
        begin_appeal(stage, by=operator(stage, "li.op", person=stage.holder(LI).number_index))


def test_staff_read_that_the_guardian_left_lately_and_that_guardian_hears_of_the_claim(stage: Stage) -> None:
    found = grown(stage)
    leave(stage, found)
    stage.empty_outbox()
    claimed = claim(stage)
    assert [one.phone for one in stage.messages() if one.topic is Topic.WARD_NEWS] == [LI.phone]
    listed = stage.read(lambda stored: _row(claimed, stored=stored, keys=stage.keys, now=stage.clock.now()))
    assert (listed["is_conflict"], listed["is_left_lately"]) == (False, True)
    later = stage.clock.now() + LEFT_LATELY
    assert not stage.read(lambda stored: _row(claimed, stored=stored, keys=stage.keys, now=later))["is_left_lately"]


def test_the_end_of_a_guardians_own_account_opens_the_ward_to_nobody_at_once_either(stage: Stage) -> None:
    found = grown(stage)
    ask_to_leave(stage)
    stage.clock.moment += LEAVING_COOLS + timedelta(hours=1)
    run_leaving(stage)
    unlock_later(stage, WANG)
    claimed = claim(stage)
    assert (claimed.state, account(stage, found.ward_id).freeze_cause) == (
        GuardianshipState.DECLARED,
        FreezeCause.GUARDIAN,
    )


def test_nor_where_the_ward_was_frozen_before_the_guardians_account_ended(stage: Stage) -> None:
    found = grown(stage)
    stage.act(freeze_ward, StopWard(session_hash=LI.session, ward_id=found.ward_id))
    ask_to_leave(stage)
    stage.clock.moment += LEAVING_COOLS + timedelta(hours=1)
    run_leaving(stage)
    unlock_later(stage, WANG)
    assert claim(stage).state is GuardianshipState.DECLARED


def test_where_a_guardian_died_another_whom_the_register_knows_is_guardian_at_once(stage: Stage) -> None:
    found = grown(stage)
    stage.act(leave_all, stage.holder(LI), channel=LEFT_BY_DEATH)
    claimed = claim(stage)
    assert (claimed.state, account(stage, found.ward_id).state) == (GuardianshipState.ACTIVE, HolderState.ACTIVE)


def test_who_left_before_another_was_guardian_is_another(stage: Stage) -> None:
    found = grown(stage)
    leave(stage, found)
    claimed = claim(stage)
    holds = DecideRelation(guardianship_id=claimed.guardianship_id, holds=True, words="seen")
    stage.act(decide_relation, holds, by=operator(stage, "li.na"))
    stage.clock.moment += timedelta(hours=1)
    stage.unlock(WANG)
    left_again = LeaveWard(session_hash=WANG.session, ward_id=found.ward_id, understood=True)
    stage.act(leave_ward, left_again)
    stage.unlock(LI)
    own = apply_for_child(applying(stage, LI, number=GROWN.number), services=stage.services)
    assert own.state is GuardianshipState.DECLARED


def test_where_the_history_cannot_be_read_staff_decide(stage: Stage) -> None:
    found = grown(stage)
    leave(stage, found)
    stage.clock.moment += LEFT_LATELY
    unlock_later(stage, WANG)
    stage.damage("holder_events", "detail", b"\xff")
    assert claim(stage).state is GuardianshipState.DECLARED


def test_a_childs_account_that_is_ending_stays_while_somebody_claims_it_but_not_for_ever(stage: Stage) -> None:
    found = registered_child(stage)
    end_account(stage, found)
    apply_for_child(applying(stage, WANG), services=stage.services)
    stage.clock.moment += LEAVING_COOLS + timedelta(hours=1)
    run_leaving(stage)
    assert account(stage, found.ward_id).is_leaving
    stage.clock.moment += CLAIMS_WAIT
    run_leaving(stage)
    assert account(stage, found.ward_id).is_erased


def test_a_childs_account_that_was_claimed_while_it_was_ending_goes_on_with_whom_staff_confirm(stage: Stage) -> None:
    found = registered_child(stage)
    end_account(stage, found)
    claimed = apply_for_child(applying(stage, WANG), services=stage.services)
    stage.clock.moment += LEAVING_COOLS + timedelta(hours=1)
    run_leaving(stage)
    confirmed = DecideRelation(guardianship_id=claimed.guardianship_id, holds=True, words="seen")
    stage.act(decide_relation, confirmed, by=operator(stage, "li.na"))
    run_leaving(stage)
    assert account(stage, found.ward_id).state is HolderState.ACTIVE
