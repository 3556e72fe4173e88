"""Birthdays change the rule by themselves, once, at the first moment of the day in Shanghai."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.guardianship.guardianship import CareEnd, GuardianshipDecided, GuardianshipState, WardMissing
from eztong.domain.guardianship.relation import RelationAnswer
from eztong.domain.holder import HolderState
from eztong.domain.identity.age import service_date
from eztong.domain.identity.check_digits import mod_11_2_digit
from eztong.domain.operators.operator import OperatorRole
from eztong.i18n.notices import render_text
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward, release_ward
from eztong.usecases.guardianship.apply_for_child import apply_for_child
from eztong.usecases.guardianship.confirm_ward import confirm_ward
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from tests.unit.usecases.guardianship.family import (
    MINOR,
    account,
    applying,
    born,
    confirmed_minor,
    confirming,
    guardianship,
    invite,
    kinds,
    run_birthdays,
    run_registrations,
    waiting_minor,
)
from tests.unit.usecases.guardianship.handing import GROWN
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.registration.applying import apply
from tests.unit.usecases.stage import LI, Stage

S = GuardianshipState


def test_on_the_18th_birthday_guardianship_ends_by_itself_and_both_are_told(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.act(freeze_ward, StopWard(session_hash=LI.session, ward_id=found.ward_id))
    stage.empty_outbox()
    stage.clock.moment = stage.clock.moment.replace(year=2027, month=5, day=31, hour=15, minute=59)
    run_birthdays(stage)
    assert guardianship(stage, found.guardianship_id).state is S.ACTIVE
    stage.clock.moment += timedelta(minutes=1)
    assert service_date(stage.clock.now()).isoformat() == "2027-06-01"
    for _ in range(2):
        run_birthdays(stage)
    assert guardianship(stage, found.guardianship_id).ended_by is CareEnd.AGE
    assert account(stage, found.ward_id).state is HolderState.ACTIVE
    told = {(one.topic.value, one.phone) for one in stage.messages()}
    assert {("came_of_age", MINOR.phone), ("came_of_age", LI.phone)} <= told
    assert kinds(stage, found.ward_id).count("came_of_age") == 1


@pytest.mark.parametrize("years", [0, 4])
def test_a_guardian_who_keeps_the_account_is_told_to_hand_it_over(stage: Stage, years: int) -> None:
    apply_for_child(applying(stage, number=GROWN.number), services=stage.services)
    run_registrations(stage)
    stage.empty_outbox()
    stage.clock.moment = stage.clock.moment.replace(year=2026 + years, month=3, day=21)
    run_birthdays(stage)
    (text,) = [render_text(one) for one in stage.messages() if one.phone == LI.phone]
    assert "交给本人" in text
    assert ("18 周岁" in text) is bool(years)


def test_an_application_that_waits_for_a_guardian_goes_on_alone_from_the_18th_birthday(stage: Stage) -> None:
    waiting_minor(stage)
    stage.clock.moment = stage.clock.moment.replace(year=2027, month=6, day=2)
    run_birthdays(stage)
    run_registrations(stage)
    assert stage.holder(MINOR).state is HolderState.ACTIVE


def test_from_the_18th_birthday_on_nobody_acts_for_the_ward_also_before_the_work_is_done(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.clock.moment = stage.clock.moment.replace(year=2027, month=6, day=1)
    session = replace(stage.session(), expires_at=stage.clock.now() + timedelta(days=1))
    stage.write(lambda uow: uow.sessions.update(session))
    stage.unlock(LI)
    stop = StopWard(session_hash=LI.session, ward_id=found.ward_id)
    for verb in (freeze_ward, release_ward):
        with pytest.raises(WardMissing):
            stage.act(verb, stop)
    assert guardianship(stage, found.guardianship_id).state is S.ACTIVE


def test_what_still_waits_for_staff_on_the_18th_birthday_ends_and_the_application_goes_on(stage: Stage) -> None:
    waiting_minor(stage)
    stage.authority.related_as = RelationAnswer.UNKNOWN
    found = confirm_ward(confirming(invite(stage)), services=stage.services)
    stage.clock.moment = stage.clock.moment.replace(year=2027, month=6, day=2)
    run_birthdays(stage)
    run_registrations(stage)
    assert guardianship(stage, found.guardianship_id).ended_by is CareEnd.AGE
    assert account(stage, found.ward_id).state is HolderState.ACTIVE
    by = operator(stage, "qian", OperatorRole.CASES)
    decision = DecideRelation(guardianship_id=found.guardianship_id, holds=True, words="seen")
    with pytest.raises(GuardianshipDecided):
        stage.act(decide_relation, decision, by=by)


def test_somebody_of_age_is_found_by_the_number_alone(stage: Stage) -> None:
    person = replace(MINOR, number=born("20080115"))
    assert mod_11_2_digit(person.number[:-1]) == person.number[-1]
    assert apply(stage, person).state is HolderState.ACTIVE
    assert stage.act(find_unlocked, LI.session).holder.holder_id == stage.holder_id(LI)
