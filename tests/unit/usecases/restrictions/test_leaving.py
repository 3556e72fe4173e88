"""Who leaves takes the marks along; who stays after all finds them, and those that were set meanwhile (2.5, 2.13)."""

from __future__ import annotations

import pytest

from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.jobs.job import JobKind
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.domain.restrictions.recheck import NothingToCheck
from eztong.usecases.deregistration.undo_deregistration import undo_from_session
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.restrictions.recheck_identity import plan_recheck
from eztong.usecases.restrictions.restrict_for_staff import RestrictHolder, StaffReason, restrict_holder
from tests.unit.usecases.deregistration.leaving import account, ask, leave
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.restrictions.acts import check, confirms, days_from_now, run_checks, run_days, valid_until
from tests.unit.usecases.stage import LI, Stage


def open_causes(stage: Stage) -> set[Cause]:
    return {mark.cause for mark in stage.marks() if mark.is_open}


def restrict(stage: Stage) -> None:
    command = RestrictHolder(number=LI.number, reason=StaffReason.MISUSE, ceiling=Ceiling.SUBSTANTIAL)
    restrict_holder(command, by=operator(stage), services=stage.services)


def test_a_mark_is_there_after_a_deregistration_that_was_undone(stage: Stage) -> None:
    stage.unlock()
    stage.mark(cause=Cause.DOCUMENT_EXPIRED)
    before = stage.holder()
    ask(stage)
    assert stage.holder().standing == "deregistering"
    assert stage.act(undo_from_session, LI.session) == before == stage.holder()
    assert (before.standing, before.ceiling) == ("restricted", Ceiling.LOW)


def test_what_was_set_while_the_account_was_leaving_limits_it_when_it_stays(stage: Stage) -> None:
    stage.unlock()
    valid_until(stage, days_from_now(stage, 1))
    ask(stage)
    stage.empty_outbox()
    restrict(stage)
    stage.clock.pass_by(hours=48)
    run_days(stage)
    assert open_causes(stage) == {Cause.RISK, Cause.DOCUMENT_EXPIRED}
    assert stage.topics() == [], "whoever leaves is told nothing of it"
    stage.unlock()
    stayed = stage.act(undo_from_session, LI.session)
    assert (stayed.standing, stayed.ceiling) == ("restricted", Ceiling.LOW)


def test_nothing_of_it_is_left_of_an_account_that_was_erased(stage: Stage) -> None:
    stage.unlock()
    left = stage.holder_id()
    restrict(stage)
    valid_until(stage, days_from_now(stage, 400))
    stage.act(plan_recheck, left)
    leave(stage)
    assert stage.read(lambda stored: stored.restrictions.list(left)) == []
    assert stage.read(lambda stored: stored.restrictions.document(left)) is None
    assert stage.read(lambda stored: stored.jobs.waiting(JobKind.DOCUMENT, left)) is None
    assert stage.read(lambda stored: stored.jobs.waiting(JobKind.RECHECK, left)) is None
    erased = account(stage, left)
    assert (erased.ceiling, erased.mark_changes) == (None, 0)


def test_nobody_asks_about_an_account_that_leaves_under_a_freeze(stage: Stage) -> None:
    stage.unlock()
    confirms(stage)
    ask(stage)
    asked = len(stage.authority.asked)
    stage.act(freeze_holder, FreezeHolder(holder_id=stage.holder_id(), cause=FreezeCause.RISK, channel="test"))
    assert (stage.holder().state, stage.holder().is_leaving) == (HolderState.FROZEN, True)
    stage.act(plan_recheck, stage.holder_id(), at=stage.clock.now())
    run_checks(stage)
    assert len(stage.authority.asked) == asked


def test_an_account_that_leaves_has_nothing_to_check(stage: Stage) -> None:
    stage.unlock()
    ask(stage)
    with pytest.raises(NothingToCheck):
        check(stage)
