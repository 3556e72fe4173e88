"""Whose guardian left, keeps an account shut, or has died: nobody is locked out, and nobody comes in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from eztong.domain.errors import AgreementNotAccepted, StateConflict
from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.guardianship.guardianship import (
    LEFT_LATELY,
    CareEnd,
    Guardianship,
    GuardianshipState,
    NotAChild,
    RelationDenied,
    WardOfAge,
)
from eztong.domain.guardianship.relation import RelationAnswer
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import Topic
from eztong.domain.operators.operator import AboutOneself, SameOperator
from eztong.domain.working_days import WorkCalendar
from eztong.i18n.notices import render_text
from eztong.ports.act import SYSTEM, Acting
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.contact.appeal_number import AppealNumber, SecondNeeded, appeal_number
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward
from eztong.usecases.guardianship.apply_for_child import apply_for_child
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_all, leave_ward
from eztong.usecases.guardianship.take_over import take_over
from eztong.usecases.refusal import accepted
from eztong.usecases.vault import phone_index
from tests.simulators.due_work import settle_due_phone_changes
from tests.unit.usecases.guardianship.family import (
    account,
    applying,
    born,
    confirmed_minor,
    guardianship,
    run_birthdays,
    run_registrations,
)
from tests.unit.usecases.guardianship.handing import GROWN, PHONE, ask, grown, offer, typed, unlock_later
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import FILE, LI, NETWORK, WANG, Stage

S = GuardianshipState


def left(stage: Stage, *, years: int = 0) -> Guardianship:
    """Let the guardian of a grown child give up: the account stands frozen, and nobody signs in to it."""
    found = grown(stage, years=years)
    stage.act(leave_ward, LeaveWard(session_hash=LI.session, ward_id=found.ward_id, understood=True))
    return found


def test_another_guardian_claims_a_minors_account_that_one_kept_and_hands_it_over(stage: Stage) -> None:
    found = left(stage)
    stage.clock.moment += LEFT_LATELY
    unlock_later(stage, WANG)
    claimed = apply_for_child(applying(stage, WANG, number=GROWN.number), services=stage.services)
    assert (claimed.state, claimed.ward_id) == (S.ACTIVE, found.ward_id)
    assert account(stage, found.ward_id).state is HolderState.ACTIVE
    ask(stage, offer(stage, claimed, by=WANG.session))
    accepted(stage.act(take_over, typed(stage)))


def test_nobody_applies_for_a_minor_without_such_an_account_and_a_denied_relation_says_no_more(stage: Stage) -> None:
    minor = applying(stage, WANG, number=born("20110101"))
    with pytest.raises(NotAChild):
        apply_for_child(minor, services=stage.services)
    for answer in (RelationAnswer.DENIED, RelationAnswer.UNKNOWN):
        stage.authority.related_as = answer
        with pytest.raises(RelationDenied):
            apply_for_child(minor, services=stage.services)
    with pytest.raises(NotAChild):
        apply_for_child(applying(stage, WANG, number=born("19990101")), services=stage.services)


@pytest.mark.parametrize("how", ["leaves", "freezes"])
def test_an_adults_account_is_kept_shut_by_nobody(stage: Stage, how: str) -> None:
    found = left(stage, years=5) if how == "leaves" else grown(stage, years=3)
    if how == "freezes":
        stage.act(freeze_ward, StopWard(session_hash=LI.session, ward_id=found.ward_id))
        stage.clock.moment = stage.clock.moment.replace(year=stage.clock.moment.year + 2)
    appeal(stage, found.ward_id)
    run_birthdays(stage)
    holder = account(stage, found.ward_id)
    assert (holder.state, holder.phone_index) == (HolderState.ACTIVE, phone_index(PHONE, keys=stage.keys))
    with pytest.raises(AgreementNotAccepted):
        stage.read(lambda stored: check_consent(found.ward_id, stored=stored))


@pytest.mark.parametrize("is_grown", [True, False])
def test_staff_give_no_phone_to_whom_a_guardian_keeps(stage: Stage, *, is_grown: bool) -> None:
    found = grown(stage) if is_grown else apply_for_child(applying(stage, number=GROWN.number), services=stage.services)
    run_registrations(stage)
    with pytest.raises(StateConflict, match="guardian"):
        appeal(stage, found.ward_id)


def test_nobody_becomes_the_guardian_of_an_adult(stage: Stage) -> None:
    left(stage)
    stage.authority.related_as = RelationAnswer.UNKNOWN
    claimed = apply_for_child(applying(stage, WANG, number=GROWN.number), services=stage.services)
    stage.clock.moment = stage.clock.moment.replace(year=2030)
    decided = DecideRelation(guardianship_id=claimed.guardianship_id, holds=True, words="seen")
    with pytest.raises(WardOfAge):
        stage.act(decide_relation, decided, by=operator(stage, "li.na"))
    run_birthdays(stage)
    assert guardianship(stage, claimed.guardianship_id).ended_by is CareEnd.AGE


def test_nobody_becomes_the_guardian_of_somebody_who_has_died(stage: Stage) -> None:
    found = left(stage)
    dead = account(stage, found.ward_id)
    stage.write(lambda uow: uow.holders.update(replace(dead, freeze_cause=FreezeCause.DEATH)))
    assert account(stage, found.ward_id).is_deceased
    with pytest.raises(RelationDenied):
        apply_for_child(applying(stage, WANG, number=GROWN.number), services=stage.services)


def test_an_operator_gives_no_phone_to_the_own_ward(stage: Stage) -> None:
    found = grown(stage, years=5)
    by = operator(stage, "wang", person=stage.holder(LI).number_index)
    with pytest.raises(AboutOneself):
        appeal(stage, found.ward_id, by=by)


def test_staff_give_a_phone_to_an_adult_whose_guardian_left(stage: Stage) -> None:
    found = left(stage)
    stage.clock.moment = stage.clock.moment.replace(year=2030)
    run_birthdays(stage)
    assert account(stage, found.ward_id).state is HolderState.ACTIVE
    appeal(stage, found.ward_id)
    changed = account(stage, found.ward_id)
    assert changed.phone_index == phone_index(PHONE, keys=stage.keys)
    coming = [one for one in stage.messages() if one.topic is Topic.PHONE_COMING]
    assert ([one.phone for one in coming], all(one.phone for one in stage.messages())) == ([PHONE], True)
    assert "挂失" not in render_text(coming[0]), "a freeze stops nothing of it"


def test_staff_give_a_phone_to_an_adult_whose_guardian_hands_nothing_over(stage: Stage) -> None:
    found = grown(stage, years=5)
    appeal(stage, found.ward_id)
    run_birthdays(stage)
    assert guardianship(stage, found.guardianship_id).ended_by is CareEnd.AGE


def appeal(stage: Stage, ward_id: HolderId, *, by: Acting | None = None) -> None:
    """Let staff decide a number appeal for the child, and its waiting pass."""
    ticket = OpenTicket(
        session_hash=b"elsewhere", network=NETWORK, kind=TicketKind.NUMBER_APPEAL, words="...", secret="0" * 16
    )
    number = stage.act(open_ticket, ticket, calendar=WorkCalendar()).number
    command = AppealNumber(ticket_number=number, name=GROWN.name, number=GROWN.number, phone=PHONE)
    first = by or operator(stage, "li.na")
    for second, refusal in (("", SecondNeeded), (first.name, SameOperator)):
        with pytest.raises(refusal):
            appeal_number(replace(command, second=second), by=first, services=stage.services)
    both = replace(command, second=operator(stage, "wang.wei").name)
    waits = appeal_number(both, by=first, services=stage.services)
    assert (waits.holder_id, waits.until) == (ward_id, stage.clock.now() + stage.services.deployment.appeal_wait)
    stage.clock.moment += stage.services.deployment.appeal_wait
    settle_due_phone_changes(services=stage.services)


def test_a_guardianship_that_cannot_be_read_keeps_no_other_ward_from_its_stop(stage: Stage) -> None:
    whole, damaged = grown(stage), confirmed_minor(stage)
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        change = "UPDATE guardianships SET asked_at = 9000000000000000000 WHERE guardianship_id = ?"
        connection.execute(change, (damaged.guardianship_id,))
    stage.services.perform(SYSTEM, lambda act: leave_all(act, stage.holder(LI)))
    assert account(stage, whole.ward_id).state is HolderState.FROZEN
    assert {name for name, _ in stage.left_out} >= {"care"}
    stage.left_out.clear()


@pytest.mark.parametrize("has_left", [True, False])
def test_a_claim_beside_a_guardianship_that_cannot_be_read_waits_for_staff(stage: Stage, has_left: bool) -> None:
    found = left(stage) if has_left else grown(stage)
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        change = "UPDATE guardianships SET asked_at = 9000000000000000000 WHERE guardianship_id = ?"
        connection.execute(change, (found.guardianship_id,))
    stage.unlock(WANG)
    claimed = apply_for_child(applying(stage, WANG, number=GROWN.number), services=stage.services)
    assert (claimed.state, claimed.ward_id) == (GuardianshipState.DECLARED, found.ward_id)
    waiting = stage.read(lambda stored: stored.guardianships.waiting(limit=9)).those
    assert [one.guardianship_id for one in waiting] == [claimed.guardianship_id]
    assert ("care", "RowDamaged") in stage.take_left_out()
