"""Documents: each day does its work once, a jump of the clock makes one reminder, and the end sets the mark (2.8)."""

from __future__ import annotations

import pytest

from eztong.domain.holder import HolderState, WrappedKey
from eztong.domain.jobs.fate import Fate, LeasedJob
from eztong.domain.jobs.job import JobKind
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.ports.act import SYSTEM, Act
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.restrictions.change_marks import change_marks
from eztong.usecases.restrictions.keep_document import EXPIRED_DOCUMENT, keep_document_day, read_valid_until
from tests.unit.usecases.restrictions.acts import days_from_now, run_days, valid_until
from tests.unit.usecases.stage import LI, Stage


def waiting(stage: Stage) -> list[str]:
    """Return the days for which jobs of the account wait."""
    found = stage.read(lambda stored: stored.jobs.of_holder(stage.holder_id()))
    return [job.key.partition("/")[2] for job in found if job.kind is JobKind.DOCUMENT and job.ended_at is None]


def told(stage: Stage) -> list[str]:
    """Return what the account's history says of reminders and marks."""
    return [event.detail.partition(" ")[0] for event in stage.events()]


def test_the_day_is_stored_sealed_and_opens_to_what_the_authority_said(stage: Stage) -> None:
    day = days_from_now(stage, 400)
    valid_until(stage, day)
    document = stage.read(lambda stored: stored.restrictions.document(stage.holder_id()))
    assert document is not None
    assert day.isoformat().encode() not in (document.sealed_valid_until or b"")
    assert read_valid_until(document, stage.holder(), keys=stage.keys) == day
    assert read_valid_until(None, stage.holder(), keys=stage.keys) is None


def test_four_reminders_then_the_mark(stage: Stage) -> None:
    valid_until(stage, days_from_now(stage, 100))
    assert not run_days(stage).done
    steps = ((10, "days=90"), (60, "days=30"), (23, "days=7"), (7, "days=0"), (1, "cause=document_expired"))
    for passes, said in steps:
        stage.clock.pass_by(days=passes)
        assert run_days(stage).done == 1
        assert told(stage)[-1] == said
        assert not run_days(stage).done
    assert sorted(stage.topics()) == ["account_restricted", *["document_ends"] * 4]
    assert (stage.holder().standing, stage.holder().ceiling) == ("restricted", Ceiling.LOW)
    assert waiting(stage) == []


def test_a_jump_over_all_reminders_makes_one(stage: Stage) -> None:
    valid_until(stage, days_from_now(stage, 100))
    stage.clock.pass_by(days=95)
    run_days(stage)
    run_days(stage)
    assert told(stage) == ["days=7"]
    assert waiting(stage) == [days_from_now(stage, 5).isoformat()]


def test_a_jump_over_the_end_makes_the_mark_and_no_reminder(stage: Stage) -> None:
    valid_until(stage, days_from_now(stage, 100))
    stage.clock.pass_by(days=200)
    run_days(stage)
    assert told(stage) == ["cause=document_expired"]


def test_whoever_registers_shortly_before_the_end_is_reminded_at_once(stage: Stage) -> None:
    valid_until(stage, days_from_now(stage, 26))
    run_days(stage)
    assert told(stage) == ["days=30"]
    (message,) = stage.messages()
    assert message.params == {"until": days_from_now(stage, 26).isoformat()}


def test_a_check_that_finds_the_same_day_reminds_nobody_again(stage: Stage) -> None:
    day = days_from_now(stage, 60)
    valid_until(stage, day)
    run_days(stage)
    valid_until(stage, day)
    stage.clock.pass_by(days=1)
    run_days(stage)
    assert told(stage) == ["days=90"]


def test_a_new_document_makes_the_old_day_pass_without_a_word(stage: Stage) -> None:
    valid_until(stage, days_from_now(stage, 60))
    run_days(stage)
    valid_until(stage, days_from_now(stage, 4000))
    stage.clock.pass_by(days=61)
    run_days(stage)
    assert told(stage) == ["days=90"]
    assert stage.holder().standing == "active"
    assert len(waiting(stage)) == 1


@pytest.mark.parametrize("day", [None, -1])
def test_without_a_day_ahead_nothing_is_due(stage: Stage, day: int | None) -> None:
    valid_until(stage, None if day is None else days_from_now(stage, day))
    assert waiting(stage) == []


def test_a_job_of_an_account_whose_document_has_no_end_any_more_is_dropped(stage: Stage) -> None:
    valid_until(stage, days_from_now(stage, 7))
    valid_until(stage, None)
    stage.clock.pass_by(days=30)
    run_days(stage)
    assert (waiting(stage), told(stage)) == ([], [])


@pytest.mark.parametrize(
    "ended", [{"state": HolderState.DEREGISTERED}, {"data_key": WrappedKey(kek_id="kek-1", wrapped=b"")}]
)
def test_an_account_that_ended_or_was_erased_hears_nothing(stage: Stage, ended: dict[str, object]) -> None:
    valid_until(stage, days_from_now(stage, 7))
    stage.change(LI, **ended)
    stage.clock.pass_by(days=30)
    run_days(stage)
    assert (waiting(stage), told(stage)) == ([], [])


def test_a_terminated_account_is_marked_but_not_written_to(stage: Stage) -> None:
    valid_until(stage, days_from_now(stage, 7))
    holder = stage.holder()
    stage.write(lambda uow: uow.holders.move(holder, holder.moved_to(HolderState.TERMINATED)))
    run_days(stage)
    stage.clock.pass_by(days=8)
    run_days(stage)
    assert told(stage) == ["days=7", "cause=document_expired"]
    assert stage.topics() == []


def test_the_mark_is_not_set_twice(stage: Stage) -> None:
    valid_until(stage, days_from_now(stage, 1))
    stage.act(change_marks, stage.holder(), by=SYSTEM, new=EXPIRED_DOCUMENT)
    stage.clock.pass_by(days=3)
    run_days(stage)
    assert [mark.cause for mark in stage.marks()] == [Cause.DOCUMENT_EXPIRED]


def test_a_document_that_was_read_anew_meanwhile_takes_no_reminder_of_before(stage: Stage) -> None:
    valid_until(stage, days_from_now(stage, 60))
    before = stage.read(lambda stored: stored.restrictions.document(stage.holder_id()))
    assert before is not None
    stage.clock.pass_by(seconds=1)
    valid_until(stage, days_from_now(stage, 60))

    def note(act: Act) -> bool:
        return act.uow.restrictions.note_reminder(before, 90)

    assert not stage.act(note)


def test_a_lease_that_lapsed_does_nothing(stage: Stage) -> None:
    valid_until(stage, days_from_now(stage, 7))
    stage.clock.pass_by(hours=1)

    def late(leased: LeasedJob) -> Fate:
        stage.write(lambda uow: uow.jobs.free(JobKind.DOCUMENT))
        return keep_document_day(leased, services=stage.services)

    run = run_due(JobKind.DOCUMENT, late, services=stage.services)
    assert dict(run.failures) == {"LeaseLost": 1}
    assert told(stage) == []
    stage.clock.pass_by(minutes=5)
    run_days(stage)
    assert told(stage) == ["days=7"]
