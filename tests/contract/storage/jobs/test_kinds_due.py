"""Of which kinds of job something is due: what wakes the step of each kind, by one look for all of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.jobs.job import JobEnd, JobKind
from eztong.domain.notices import Priority
from eztong.ports.storage.store import Store
from tests.contract.storage import values
from tests.contract.storage.stage import at, make

JOB = make("job", 1)
LEASE = at(60)


def kinds_due(store: Store, seconds: float) -> set[JobKind]:
    with store.read() as stored:
        return set(stored.jobs.kinds_due(now=at(seconds)))


@pytest.mark.parametrize("kind", JobKind)
@pytest.mark.parametrize("priority", Priority)
def test_a_kind_is_due_as_long_as_one_of_its_jobs_is(store: Store, kind: JobKind, priority: Priority) -> None:
    job = replace(values.job(due=5), kind=kind, priority=priority)
    assert store.write(lambda uow: uow.jobs.add(job)).value
    assert kinds_due(store, 4) == set()
    assert kinds_due(store, 5) == {kind}
    assert store.write(lambda uow: uow.jobs.lease(JOB, now=at(9), until=LEASE)).value
    assert kinds_due(store, 59) == set()
    assert kinds_due(store, 60) == {kind}
    assert store.write(lambda uow: uow.jobs.end(JOB, JobEnd.DONE, lease=LEASE, now=at(10))).value
    assert kinds_due(store, 99) == set()
