"""Marks: the account is held to what is open, once, whoever else changes marks meanwhile; each change is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.errors import HolderRestricted, NotFound, StateConflict
from eztong.domain.events import Actor
from eztong.domain.holder import Assurance, FreezeCause, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.domain.standing import check_may_be_verified
from eztong.ports.act import SYSTEM, Act
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.restrictions.change_marks import NewMark, change_marks
from tests.unit.usecases.codes.asking import show
from tests.unit.usecases.stage import WANG, Stage

EXPIRED = NewMark(cause=Cause.DOCUMENT_EXPIRED, ceiling=Ceiling.LOW, rule="R40")
RISK = NewMark(cause=Cause.RISK, ceiling=Ceiling.NONE, rule="misuse")


def change(stage: Stage, new: NewMark | None = None, *lifts: Cause) -> int:
    changed = stage.act(change_marks, stage.holder(), by=SYSTEM, new=new, lifts=frozenset(lifts))
    return len(changed.added) + len(changed.lifted)


def test_the_account_is_held_to_the_lowest_mark_and_let_go_with_the_last(stage: Stage) -> None:
    assert stage.holder().ceiling is None
    change(stage, EXPIRED)
    assert stage.holder().ceiling is Ceiling.LOW
    change(stage, RISK)
    assert stage.holder().ceiling is Ceiling.NONE
    change(stage, None, Cause.RISK)
    assert stage.holder().ceiling is Ceiling.LOW
    with pytest.raises(HolderRestricted):
        check_may_be_verified(stage.holder(), floor=Assurance.SUBSTANTIAL)
    change(stage, None, Cause.DOCUMENT_EXPIRED)
    assert (stage.holder().ceiling, stage.holder().mark_changes) == (None, 4)
    assert [mark.is_open for mark in stage.marks()] == [False, False]
    assert {mark.lifted_by for mark in stage.marks()} == {Actor.SYSTEM}
    assert stage.holder(WANG).ceiling is None


def test_nothing_is_set_or_lifted_twice(stage: Stage) -> None:
    assert [change(stage, EXPIRED), change(stage, EXPIRED)] == [1, 0]
    assert [change(stage, None, Cause.RISK), change(stage, None, Cause.DOCUMENT_EXPIRED)] == [0, 1]
    assert change(stage, EXPIRED) == 1, "what was lifted can come again"
    assert [event.kind for event in stage.events()] == ["restricted", "restriction_lifted", "restricted"]
    assert stage.topics() == ["account_restricted", "restriction_lifted", "account_restricted"]


def test_a_looser_mark_of_the_same_rule_changes_nothing_and_a_stricter_one_counts(stage: Stage) -> None:
    tight, loose = RISK, replace(RISK, ceiling=Ceiling.LOW)
    assert [change(stage, loose), change(stage, tight), change(stage, loose)] == [1, 1, 0]
    assert stage.holder().ceiling is Ceiling.NONE


def test_the_history_says_which_mark_and_the_holder_hears_why(stage: Stage) -> None:
    change(stage, EXPIRED)
    (event,) = stage.events()
    assert (event.actor, event.detail) == (Actor.SYSTEM, "cause=document_expired ceiling=low rule=R40")
    (message,) = stage.messages()
    assert message.params == {"cause": "document_expired"}


def test_whoever_read_the_account_before_another_change_changes_nothing(stage: Stage) -> None:
    before = stage.holder()
    change(stage, EXPIRED)
    with pytest.raises(StateConflict):
        stage.act(change_marks, before, new=RISK)
    assert [mark.cause for mark in stage.marks()] == [Cause.DOCUMENT_EXPIRED]
    assert stage.holder().ceiling is Ceiling.LOW


def test_a_mark_that_somebody_lifts_meanwhile_is_lifted_once(stage: Stage) -> None:
    change(stage, EXPIRED)
    (mark,) = stage.marks()

    def both(act: Act) -> list[bool]:
        return [act.uow.restrictions.lift(mark, by=Actor.SYSTEM, now=act.now) for _ in range(2)]

    assert stage.act(both) == [True, False]


def test_codes_that_are_out_end_where_nothing_passes_and_only_there(stage: Stage) -> None:
    def outstanding() -> int:
        ((count,),) = stage.select("SELECT count(*) FROM codes WHERE state = 'issued'")
        return int(count)

    show(stage)
    change(stage, EXPIRED)
    assert outstanding() == 1
    change(stage, RISK)
    assert outstanding() == 0


def test_a_freeze_and_its_end_leave_the_marks_as_they_are(stage: Stage) -> None:
    change(stage, EXPIRED)
    holder_id = stage.holder_id()
    stage.act(freeze_holder, FreezeHolder(holder_id=holder_id, cause=FreezeCause.SELF, channel="web"))
    frozen = stage.holder()
    assert (frozen.state, frozen.ceiling) == (HolderState.FROZEN, Ceiling.LOW)
    assert stage.write(lambda uow: uow.holders.move(frozen, frozen.unfrozen()))
    assert stage.holder().standing == "restricted"


def test_a_mark_can_be_lifted_while_the_account_is_frozen(stage: Stage) -> None:
    change(stage, EXPIRED)
    holder_id = stage.holder_id()
    stage.act(freeze_holder, FreezeHolder(holder_id=holder_id, cause=FreezeCause.SELF, channel="web"))
    change(stage, None, Cause.DOCUMENT_EXPIRED)
    frozen = stage.holder()
    assert (frozen.state, frozen.ceiling) == (HolderState.FROZEN, None)
    assert frozen.unfrozen().standing == "active"


def test_whoever_was_terminated_is_not_written_to(stage: Stage) -> None:
    holder = stage.holder()
    stage.write(lambda uow: uow.holders.move(holder, holder.moved_to(HolderState.TERMINATED)))
    change(stage, EXPIRED)
    assert stage.topics() == []
    assert [event.kind for event in stage.events()] == ["restricted"]


def test_an_account_that_is_gone_gets_no_mark(stage: Stage) -> None:
    with pytest.raises((NotFound, StateConflict)):
        stage.act(change_marks, replace(stage.holder(), holder_id=HolderId("hld_nobody")), new=EXPIRED)
