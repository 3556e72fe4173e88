"""Nobody leaves a case by leaving the service: who comes back meets a person, who decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import pytest

from eztong.domain.canonical_json import parse_document
from eztong.domain.events import EventKind
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.registration import StepKind
from eztong.domain.restrictions.mark import OF_A_CASE, Cause, Ceiling
from eztong.ports.storage.holders import Person
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration
from eztong.usecases.deregistration.deregister_ward import deregister_ward
from eztong.usecases.deregistration.read_deregistration import open_items
from eztong.usecases.guardianship.apply_for_child import apply_for_child
from eztong.usecases.registration.review_application import ReviewApplication, review_application
from eztong.usecases.restrictions.restrict_for_staff import (
    LiftRestrictions,
    RestrictHolder,
    StaffReason,
    lift_restrictions,
    restrict_holder,
)
from eztong.usecases.restrictions.stop_for_death import stop_for_death
from eztong.usecases.vault import ended_index
from tests.unit.usecases.deregistration.leaving import CALENDAR, SECRET, account, ask, leave, now_of, run
from tests.unit.usecases.guardianship.family import CHILD, applying, registered_child, run_registrations
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, Stage, register

Opens: TypeAlias = Callable[[Stage], object]
"""Opens a case about Li."""


def freezes(cause: FreezeCause) -> Opens:
    """Let the account be frozen."""
    return lambda stage: stage.write(lambda uow: uow.holders.update(stage.holder().frozen(cause)))


def limits(reason: StaffReason, ceiling: Ceiling = Ceiling.NONE, *, number: str = LI.number) -> Opens:
    """Let staff limit the account."""
    command = RestrictHolder(number=number, reason=reason, ceiling=ceiling)
    return lambda stage: restrict_holder(command, by=operator(stage, "zhao"), services=stage.services)


def person_kept(stage: Stage) -> Person | None:
    """Return what is kept of Li by the number alone."""
    index = ended_index(DocumentType.RESIDENT_ID.value, LI.number, keys=stage.keys)
    return stage.read(lambda stored: stored.holders.person(index))


def history_of(stage: Stage, holder_id: HolderId) -> list[EventKind]:
    return [one.kind for one in stage.read(lambda stored: stored.holders.events(holder_id))]


@pytest.mark.parametrize(
    "opens",
    [
        freezes(FreezeCause.OPERATOR),
        freezes(FreezeCause.RISK),
        limits(StaffReason.MISUSE),
        limits(StaffReason.MISUSE, Ceiling.SUBSTANTIAL),
        limits(StaffReason.LEGAL_ORDER),
    ],
    ids=["stopped", "stopped by rule", "misuse", "misuse, a little", "legal order"],
)
def test_whoever_leaves_in_the_middle_of_a_case_meets_a_person_when_they_come_back(stage: Stage, opens: Opens) -> None:
    before = stage.holder()
    opens(stage)
    assert stage.act(open_items, stage.holder()).is_held
    events = history_of(stage, before.holder_id)
    asked = leave(stage)
    assert set(events) < set(history_of(stage, before.holder_id)), "what happened stays for the case"
    index = ended_index(DocumentType.RESIDENT_ID.value, LI.number, keys=stage.keys)
    kept = stage.read(lambda stored: stored.holders.person(index))
    assert kept is not None
    assert (kept.has_open_case, kept.service_ended, kept.left_at) == (True, False, stage.clock.now())
    assert kept.generation != before.generation
    document = parse_document(now_of(stage, asked).receipt or b"")
    assert {"open_case"} == {one["what"] for one in document["kept"]} & {"open_case", "termination"}
    again = replace(LI, session=b"another browser")
    holder = register(stage, again)
    assert (holder.state, holder.reason, holder.rules) == (HolderState.UNDER_REVIEW, "manual_review", "R18")
    command = ReviewApplication(holder_id=holder.holder_id, kind=StepKind.APPROVE, words="looked at")
    review_application(command, by=operator(stage), services=stage.services)
    assert stage.holder(again).state is HolderState.ACTIVE
    assert stage.holder(again).generation != before.generation
    assert stage.read(lambda stored: stored.holders.person(index)) is None


def test_whoever_leaves_frozen_by_themselves_leaves_no_row(stage: Stage) -> None:
    stage.write(lambda uow: uow.holders.update(stage.holder().frozen(FreezeCause.SELF)))
    leave(stage)
    index = ended_index(DocumentType.RESIDENT_ID.value, LI.number, keys=stage.keys)
    assert stage.read(lambda stored: stored.holders.person(index)) is None


@pytest.mark.parametrize("cause", sorted(set(Cause) - OF_A_CASE))
def test_what_no_person_decided_follows_nobody(stage: Stage, cause: Cause) -> None:
    """Not the end of a document, a doubt that a check answers, a guardian's limits or the holder's own pause."""
    before = stage.holder_id()
    stage.mark(cause=cause, ceiling=Ceiling.NONE)
    assert not stage.act(open_items, stage.holder()).is_held
    asked = leave(stage)
    assert not now_of(stage, asked).held
    assert person_kept(stage) is None
    assert history_of(stage, before) == [EventKind.DEREGISTERED]


def test_a_mark_that_was_lifted_while_the_account_was_leaving_follows_nobody(stage: Stage) -> None:
    limits(StaffReason.MISUSE)(stage)
    asked = ask(stage)
    command = LiftRestrictions(number=LI.number, reason=StaffReason.MISUSE)
    lift_restrictions(command, by=operator(stage, "qian"), services=stage.services)
    stage.clock.pass_by(hours=72)
    assert run(stage) == 1
    assert not now_of(stage, asked).held
    assert person_kept(stage) is None
    assert register(stage, replace(LI, session=b"another browser")).state is HolderState.ACTIVE


def test_a_mark_that_staff_set_while_the_account_was_leaving_is_kept_for_the_case(stage: Stage) -> None:
    asked = ask(stage)
    limits(StaffReason.LEGAL_ORDER)(stage)
    stage.clock.pass_by(hours=72)
    assert run(stage) == 1
    assert now_of(stage, asked).held
    kept = person_kept(stage)
    assert kept is not None
    assert kept.has_open_case


def test_marks_that_cannot_be_read_bring_who_comes_back_before_a_person(stage: Stage) -> None:
    limits(StaffReason.MISUSE)(stage)
    asked = ask(stage)
    stage.damage("restrictions", "cause")
    assert stage.act(open_items, stage.holder()).is_held
    stage.clock.pass_by(hours=72)
    assert run(stage) == 1
    assert stage.take_left_out() == {("erasing", "RowDamaged")}
    assert now_of(stage, asked).held
    assert register(stage, replace(LI, session=b"another browser")).rules == "R18"


def test_a_child_in_the_middle_of_a_case_is_looked_at_when_its_guardian_applies_again(stage: Stage) -> None:
    kept = registered_child(stage)
    limits(StaffReason.MISUSE, number=CHILD.number)(stage)
    leaving = AskDeregistration(session_hash=LI.session, secret=SECRET, understood=True)
    stage.act(deregister_ward, leaving, kept.ward_id, calendar=CALENDAR)
    stage.clock.pass_by(hours=72)
    assert run(stage) == 1
    stage.unlock()
    found = apply_for_child(applying(stage), services=stage.services)
    run_registrations(stage)
    child = account(stage, found.ward_id)
    assert (child.state, child.rules) == (HolderState.UNDER_REVIEW, "R18")


def test_the_case_of_a_holder_who_died_is_kept_like_any_other(stage: Stage) -> None:
    before = stage.holder_id()
    limits(StaffReason.MISUSE)(stage)
    asked = ask(stage)
    stage.act(stop_for_death, stage.holder())
    stage.clock.pass_by(hours=72)
    assert run(stage) == 1
    assert now_of(stage, asked).held
    assert EventKind.RESTRICTED in history_of(stage, before)
