"""A pause of the holder's own, and what staff limit and lift: each lifts only what is its own (2.5; PIPL 44)."""

from __future__ import annotations

import pytest

from eztong.domain.errors import InputInvalid, Locked, NotFound, SessionMissing
from eztong.domain.events import Actor
from eztong.domain.holder import NothingPasses, check_may_show_code
from eztong.domain.identity.citizen_number import NumberInvalid
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.usecases.restrictions.change_marks import MarkChange
from eztong.usecases.restrictions.pause_use import pause_use, resume_use
from eztong.usecases.restrictions.restrict_for_staff import (
    LiftRestrictions,
    RestrictHolder,
    StaffReason,
    lift_restrictions,
    restrict_holder,
)
from tests.unit.usecases.stage import LI, ZHAO, Person, Stage


def restrict(stage: Stage, reason: StaffReason, *, person: Person = LI, ceiling: Ceiling = Ceiling.LOW) -> MarkChange:
    command = RestrictHolder(number=person.number, reason=reason, ceiling=ceiling, operator="li.na")
    return restrict_holder(command, services=stage.services)


def lift(stage: Stage, reason: StaffReason, *, operator: str = "li.na") -> MarkChange:
    command = LiftRestrictions(number=LI.number, reason=reason, operator=operator)
    return lift_restrictions(command, services=stage.services)


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
        assert (event.actor, event.fact("operator"), event.fact("rule")) == (Actor.OPERATOR, "li.na", reason.value)


def test_staff_lift_one_reason_and_never_a_pause_or_a_document(stage: Stage) -> None:
    stage.mark(cause=Cause.DOCUMENT_EXPIRED)
    stage.act(pause_use, LI.session)
    restrict(stage, StaffReason.MISUSE)
    for reason in (StaffReason.DATA_DOUBT, StaffReason.LEGAL_ORDER):
        assert not lift(stage, reason).lifted
    lift(stage, StaffReason.MISUSE)
    assert open_causes(stage) == {Cause.DOCUMENT_EXPIRED, Cause.ASKED}


def test_what_cannot_be_right_changes_nothing(stage: Stage) -> None:
    with pytest.raises(NotFound):
        restrict(stage, StaffReason.MISUSE, person=ZHAO)
    with pytest.raises(InputInvalid):
        lift(stage, StaffReason.MISUSE, operator="li na")
    command = RestrictHolder(number="1", reason=StaffReason.MISUSE, ceiling=Ceiling.LOW, operator="li.na")
    with pytest.raises(NumberInvalid):
        restrict_holder(command, services=stage.services)
    assert "1" not in repr(command).split("reason")[0]
