"""Another process keeps the write lock: some threads wait for it, the others are free again after a second."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, cast

import pytest

from eztong.adapters.storage.rounds.transaction import StoreLocked
from eztong.adapters.storage.rounds.waiting_threads import MAY_WAIT, WaitingThreads
from eztong.adapters.storage.sqlite.store import SqliteStore
from eztong.domain.errors import Unavailable
from eztong.ports.storage.store import Committed, Done, Job, Needs, UnitOfWork

THREADS = 40
SOON = 5.0


class Locked:
    """A driver whose rounds wait for the lock; a test says for how long they have, and when they go on."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.queued = list[tuple[Job[Any], Done[Any]]]()

    def submit(self, job: Job[Any], done: Done[Any], *, needs: Needs | None = None) -> None:
        """Queue a job."""
        assert needs is None
        self.queued.append((job, done))

    def check_may_wait(self) -> None:
        """Let every thread wait."""

    def locked_seconds(self) -> float:
        """Return what the test said."""
        return self.seconds

    def go_on(self, uow: UnitOfWork) -> None:
        """Run what waits."""
        for job, done in self.queued:
            try:
                done(Committed(job(uow), None))
            except Unavailable as error:
                done(error)


def wait_for(count: int, writes: Sequence[Future[Any]]) -> None:
    """Wait until so many have ended, but not for ever."""
    until = monotonic() + SOON
    while sum(one.done() for one in writes) < count and monotonic() < until:
        sleep(0.02)


def outcome(future: Future[Any]) -> str:
    error = future.exception(SOON)
    return "done" if error is None else type(error).__name__


def test_who_has_no_place_is_refused_after_a_while_and_its_job_is_never_done() -> None:
    driver, waiting, done = Locked(), WaitingThreads(may_wait=1), list[str]()
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(waiting.write, lambda _uow: done.append("first"), driver)
        while not driver.queued:
            pass
        second = pool.submit(waiting.write, lambda _uow: done.append("second"), driver)
        while len(driver.queued) < 2:
            pass
        assert not second.done()
        driver.seconds = 1.5
        assert outcome(second) == "StoreLocked"
        third = pool.submit(waiting.write, lambda _uow: done.append("third"), driver)
        assert outcome(third) == "StoreLocked"
        assert len(driver.queued) == 2
        driver.go_on(cast("UnitOfWork", None))
        assert outcome(first) == "done"
    assert done == ["first"]


def test_who_has_no_place_waits_for_what_has_begun() -> None:
    driver, waiting = Locked(), WaitingThreads(may_wait=0)
    with ThreadPoolExecutor(1) as pool:
        write = pool.submit(waiting.write, lambda _uow: "value", driver)
        while not driver.queued:
            pass
        job, done = driver.queued[0]
        value = job(cast("UnitOfWork", None))
        driver.seconds = 1.5
        assert outcome_after(write, lambda: done(Committed(value, None))) == "done"


def outcome_after(future: Future[Any], step: Callable[[], None]) -> str:
    with pytest.raises(TimeoutError):
        future.result(0.5)
    step()
    return outcome(future)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the write lock, as another process would."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_with_the_lock_held_half_of_the_threads_are_free_again_soon(store: SqliteStore, tmp_path: Path) -> None:
    async def scene() -> tuple[Counter[str], float, Counter[str]]:
        with ThreadPoolExecutor(THREADS) as pool:
            async with store.on_event_loop():
                with locked(tmp_path / "eztong.db"):
                    began = monotonic()
                    writes = [pool.submit(store.write, set_to(f"{number}")) for number in range(THREADS)]
                    await asyncio.to_thread(wait_for, THREADS - MAY_WAIT, writes)
                    early = Counter(outcome(one) for one in writes if one.done())
                    seconds = monotonic() - began
                await asyncio.to_thread(wait_for, THREADS, writes)
                return early, seconds, Counter(outcome(one) for one in writes)

    early, seconds, in_the_end = asyncio.run(scene())
    assert early == {StoreLocked.__name__: THREADS - MAY_WAIT}
    assert seconds < SOON
    assert in_the_end == {StoreLocked.__name__: THREADS - MAY_WAIT, "done": MAY_WAIT}
    with store.read() as stored:
        assert sum(stored.settings.get(f"{number}") is not None for number in range(THREADS)) == MAY_WAIT


def test_without_a_lock_every_thread_is_served(store: SqliteStore) -> None:
    async def scene() -> Counter[str]:
        with ThreadPoolExecutor(THREADS) as pool:
            async with store.on_event_loop():
                writes = [pool.submit(store.write, set_to(f"{number}")) for number in range(3 * THREADS)]
                await asyncio.to_thread(wait_for, len(writes), writes)
                return Counter(outcome(one) for one in writes)

    assert asyncio.run(scene()) == {"done": 3 * THREADS}


def set_to(name: str) -> Callable[[UnitOfWork], None]:
    return lambda uow: uow.settings.set(name, "written")
