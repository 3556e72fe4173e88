"""Which kinds of jobs are due, asked at once: what an idle service looks at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.jobs.job import JobKind
from eztong.domain.notices import Priority
from eztong.ports.storage.store import Store
from tests.contract.storage import values
from tests.contract.storage.stage import at
from tests.contract.storage.test_jobs import end, lease, queue


def kinds_due(store: Store, seconds: float) -> set[JobKind]:
    with store.read() as stored:
        return set(stored.jobs.kinds_due(now=at(seconds)))


@pytest.mark.parametrize("kind", JobKind)
@pytest.mark.parametrize("priority", Priority)
def test_a_kind_is_due_as_long_as_one_of_its_jobs_is(store: Store, kind: JobKind, priority: Priority) -> None:
    queue(store, replace(values.job(due=5), kind=kind, priority=priority))
    assert kinds_due(store, 4) == set()
    assert kinds_due(store, 5) == {kind}
    assert lease(store, until=at(60))
    assert kinds_due(store, 59) == set()
    assert kinds_due(store, 60) == {kind}
    assert end(store)
    assert kinds_due(store, 99) == set()
