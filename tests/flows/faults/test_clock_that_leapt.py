"""A service whose clock stood ahead for a while goes on with what waits once it is right, also after a restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from eztong.cli.service import build_quietly
from eztong.domain.jobs.job import Job, JobKind
from eztong.ports.storage.store import UnitOfWork
from eztong.wiring.settings import Settings
from tests.simulators.service import running

LEAP = timedelta(days=30)


def put(uow: UnitOfWork, *, jobs: tuple[Job, ...]) -> None:
    for job in jobs:
        uow.jobs.add(job)


def test_what_a_clock_put_off_is_done_after_a_restart_under_a_right_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    built = build_quietly(Settings(data_dir=data))
    now = built.services.clock.now()
    ahead = now + LEAP
    plain = Job(job_id="job_a", kind=JobKind.REGISTRATION, key="nobody", created_at=ahead, next_attempt_at=ahead)
    leased = replace(plain, job_id="job_b", key="none", created_at=now, next_attempt_at=now, leased_until=ahead)
    tried = replace(plain, job_id="job_c", kind=JobKind.REVOCATION, created_at=now, attempts=1)
    cools = replace(plain, job_id="job_d", kind=JobKind.DEREGISTRATION, next_attempt_at=ahead + timedelta(hours=72))
    built.store.write(partial(put, jobs=(plain, leased, tried, cools)))
    built.close()
    with running(data, with_partners=False) as service:
        waits = "SELECT job_id FROM jobs WHERE job_id LIKE 'job__' AND ended_at IS NULL"
        service.wait_for(lambda: service.rows(waits) == [("job_d",)])
        service.logged("jobs_put_off_by_clock_go_on")
