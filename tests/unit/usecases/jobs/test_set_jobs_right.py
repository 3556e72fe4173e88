"""After a clock that stood ahead, waiting work goes on at once, and nothing is carried out before its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.jobs.fate import Fate, LeasedJob
from eztong.domain.jobs.job import LEASE, Job, JobKind
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.jobs.set_jobs_right import set_jobs_right
from eztong.usecases.jobs.unreadable import UnreadableJobs
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import Stage

LEAP = timedelta(days=30)
KINDS = (JobKind.MESSAGE, JobKind.REGISTRATION)


def job(name: str, kind: JobKind, **more: object) -> Job:
    plain = Job(job_id=name, kind=kind, key=name, created_at=START, next_attempt_at=START)
    return replace(plain, **more)  # type: ignore[arg-type]  # its own fields


def queue(stage: Stage, *jobs: Job) -> None:
    stage.write(lambda uow: [uow.jobs.add(one) for one in jobs])


def done(stage: Stage, kind: JobKind, fate: Fate = Fate.DONE) -> list[str]:
    seen = list[str]()

    def handler(leased: LeasedJob) -> Fate:
        seen.append(leased.job.job_id)
        return fate

    run_due(kind, handler, services=stage.services)
    return seen


@pytest.mark.parametrize("kind", KINDS)
def test_a_retry_under_a_clock_ahead_is_done_once_the_clock_is_right(stage: Stage, kind: JobKind) -> None:
    queue(stage, job("one", kind))
    stage.clock.pass_by(days=30)
    assert done(stage, kind, Fate.POSTPONED) == ["one"]
    stage.clock.pass_by(days=-30)
    assert done(stage, kind) == []
    assert set_jobs_right(services=stage.services) == {kind: 1}
    assert done(stage, kind) == ["one"]
    assert set_jobs_right(services=stage.services) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_lease_of_a_worker_that_died_under_a_clock_ahead_is_over(stage: Stage, kind: JobKind) -> None:
    queue(stage, job("one", kind, leased_until=START + LEAP), job("other", kind, leased_until=START + LEASE))
    assert done(stage, kind) == []
    assert set_jobs_right(services=stage.services) == {kind: 1}
    assert done(stage, kind) == ["one"]


def test_what_cools_goes_on_cooling(stage: Stage) -> None:
    far = START + timedelta(hours=72)
    queue(stage, job("one", JobKind.DEREGISTRATION, next_attempt_at=far))
    assert set_jobs_right(services=stage.services) == {}
    assert done(stage, JobKind.DEREGISTRATION) == []


def test_a_row_that_cannot_be_read_does_not_rest_for_as_long_as_a_leap(stage: Stage) -> None:
    queue(stage, job("one", JobKind.MESSAGE), job("two", JobKind.MESSAGE))
    stage.damage("jobs", "attempts", "x", of="one")
    known = UnreadableJobs(JobKind.MESSAGE)

    def failures() -> int:
        run = run_due(JobKind.MESSAGE, lambda _leased: Fate.DONE, services=stage.services, unreadable=known)
        return sum(run.failures.values())

    stage.clock.pass_by(days=30)
    assert (failures(), failures()) == (1, 0)
    stage.clock.pass_by(days=-30)
    assert failures() == 1
