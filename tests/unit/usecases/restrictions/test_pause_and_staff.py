"""A pause of the holder's own, and what staff limit and lift: each lifts only what is its own (2.5; PIPL 44)."""

from __future__ import annotations

import pytest

from eztong.domain.errors import Locked, NotFound, SessionMissing, TooMany
from eztong.domain.events import Actor
from eztong.domain.identity.citizen_number import NumberInvalid
from eztong.domain.operators.operator import AboutOneself, OperatorNeeded, OperatorRefused, OperatorRole, RoleMissing
from eztong.domain.restrictions.mark import RESUMES, Cause, Ceiling
from eztong.domain.standing import NothingPasses, check_may_show_code
from eztong.ports.act import OPERATOR, Acting
from eztong.usecases.restrictions.change_marks import MarkChange
from eztong.usecases.restrictions.pause_use import pause_use, resume_use
from eztong.usecases.restrictions.restrict_for_staff import (
    LiftRestrictions,
    RestrictHolder,
    StaffReason,
    lift_restrictions,
    restrict_holder,
)
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, ZHAO, Person, Stage


def restrict(
    stage: Stage,
    reason: StaffReason,
    *,
    person: Person = LI,
    ceiling: Ceiling = Ceiling.LOW,
    by: Acting | None = None,
) -> MarkChange:
    command = RestrictHolder(number=person.number, reason=reason, ceiling=ceiling)
    return restrict_holder(command, by=by or operator(stage), services=stage.services)


def lift(stage: Stage, reason: StaffReason, *, by: Acting | None = None) -> MarkChange:
    command = LiftRestrictions(number=LI.number, reason=reason)
    return lift_restrictions(command, by=by or operator(stage), services=stage.services)


def open_causes(stage: Stage) -> set[Cause]:
    return {mark.cause for mark in stage.marks() if mark.is_open}


def test_a_pause_lets_nothing_pass_and_its_holder_ends_it_after_an_unlock(stage: Stage) -> None:
    paused = stage.act(pause_use, LI.session)
    with pytest.raises(NothingPasses):
        check_may_show_code(paused)
    stage.lock()
    with pytest.raises(Locked):
        stage.act(resume_use, LI.session)
    stage.unlock()
    check_may_show_code(stage.act(resume_use, LI.session))
    assert [(event.kind, event.actor) for event in stage.events()] == [
        ("restricted", Actor.HOLDER),
        ("restriction_lifted", Actor.HOLDER),
    ]
    assert stage.topics() == ["account_restricted", "restriction_lifted"]


def test_pausing_twice_is_the_same_as_once_and_so_is_resuming(stage: Stage) -> None:
    for verb in (pause_use, pause_use, resume_use, resume_use):
        stage.act(verb, LI.session)
    assert len(stage.marks()) == 1
    assert len(stage.events()) == 2


def test_pausing_and_resuming_all_day_sends_no_endless_messages_and_can_end_in_a_pause(stage: Stage) -> None:
    for _ in range(RESUMES.amount):
        stage.act(pause_use, LI.session)
        stage.act(resume_use, LI.session)
    stage.act(pause_use, LI.session)
    with pytest.raises(TooMany):
        stage.act(resume_use, LI.session)
    assert open_causes(stage) == {Cause.ASKED}
    assert len(stage.topics()) == 2 * RESUMES.amount + 1


def test_a_pause_begins_without_an_unlock_but_not_without_a_session(stage: Stage) -> None:
    stage.lock()
    stage.act(pause_use, LI.session)
    for verb in (pause_use, resume_use):
        with pytest.raises(SessionMissing):
            stage.act(verb, b"nobody")


def test_resuming_leaves_every_other_mark(stage: Stage) -> None:
    stage.mark(cause=Cause.DOCUMENT_EXPIRED)
    stage.act(pause_use, LI.session)
    assert stage.act(resume_use, LI.session).ceiling is Ceiling.LOW
    assert open_causes(stage) == {Cause.DOCUMENT_EXPIRED}


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        (StaffReason.DATA_DOUBT, Cause.DATA_DOUBT),
        (StaffReason.MISUSE, Cause.RISK),
        (StaffReason.LEGAL_ORDER, Cause.OPERATOR),
    ],
)
def test_staff_limit_and_lift_under_their_name(stage: Stage, reason: StaffReason, cause: Cause) -> None:
    change = restrict(stage, reason, ceiling=Ceiling.NONE)
    assert ([mark.cause for mark in change.added], change.holder.ceiling) == ([cause], Ceiling.NONE)
    assert not restrict(stage, reason, ceiling=Ceiling.NONE).added
    lifted = lift(stage, reason)
    assert ([mark.cause for mark in lifted.lifted], lifted.holder.ceiling) == ([cause], None)
    for event in stage.events():
        assert (event.actor, event.fact("operator")) == (Actor.OPERATOR, "li.na")
    rules = [(event.kind.value, event.fact("rule")) for event in stage.events()]
    assert rules == [("restricted", reason.value), ("staff_read", None), ("restriction_lifted", reason.value)]


def test_staff_lift_one_reason_and_never_a_pause_or_a_document(stage: Stage) -> None:
    stage.mark(cause=Cause.DOCUMENT_EXPIRED)
    stage.act(pause_use, LI.session)
    restrict(stage, StaffReason.MISUSE)
    for reason in (StaffReason.DATA_DOUBT, StaffReason.LEGAL_ORDER):
        assert not lift(stage, reason).lifted
    lift(stage, StaffReason.MISUSE)
    assert open_causes(stage) == {Cause.DOCUMENT_EXPIRED, Cause.ASKED}


def test_what_staff_do_is_attested_once_for_each_change(stage: Stage) -> None:
    restrict(stage, StaffReason.MISUSE)
    restrict(stage, StaffReason.MISUSE)
    lift(stage, StaffReason.MISUSE)
    lift(stage, StaffReason.MISUSE)
    assert stage.select("SELECT kind, operator, holder_id FROM acts ORDER BY act_id") == [
        ("restricted", "li.na", stage.holder_id()),
        ("restriction_lifted", "li.na", stage.holder_id()),
    ]


def test_who_may_not_limits_nobody_and_lifts_nothing(stage: Stage) -> None:
    restrict(stage, StaffReason.MISUSE)
    refusals = [
        (OPERATOR, OperatorNeeded),
        (operator(stage, "gone", active=False), OperatorRefused),
        (operator(stage, "auditor", OperatorRole.AUDIT), RoleMissing),
        (operator(stage, "own", person=stage.holder().number_index), AboutOneself),
    ]
    for by, refusal in refusals:
        with pytest.raises(refusal):
            restrict(stage, StaffReason.DATA_DOUBT, by=by)
        with pytest.raises(refusal):
            lift(stage, StaffReason.MISUSE, by=by)
    assert open_causes(stage) == {Cause.RISK}


def test_what_cannot_be_right_changes_nothing(stage: Stage) -> None:
    by = operator(stage)
    with pytest.raises(NotFound):
        restrict(stage, StaffReason.MISUSE, person=ZHAO, by=by)
    command = RestrictHolder(number="1", reason=StaffReason.MISUSE, ceiling=Ceiling.LOW)
    with pytest.raises(NumberInvalid):
        restrict_holder(command, by=by, services=stage.services)
    assert "1" not in repr(command).split("reason")[0]
