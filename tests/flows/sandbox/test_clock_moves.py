"""Moves of the sandbox's clock are stored and made as one step: none is lost, and a restart goes nowhere back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from eztong.adapters.authority.registry import Fault
from eztong.adapters.clock import SandboxClock
from eztong.adapters.sandbox_controls import CLOCK_SETTING, FaultSwitch, StoredSandbox
from eztong.ports.services import Services
from eztong.ports.storage.store import Committed, Store, UnitOfWork
from tests.flows.citizen.browser import Town

T = TypeVar("T")
NO_FAULTS = FaultSwitch(read=lambda: Fault.NONE, set=lambda _fault: None)
PATIENCE = 20.0


class FirstComesLast:
    """A store in which the write that came first waits until the second is done."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._first = threading.Lock()
        self.begun, self.second_done = threading.Event(), threading.Event()

    def write(self, job: Callable[[UnitOfWork], T]) -> Committed[T]:
        """Write, or wait first."""
        if self._first.acquire(blocking=False):
            self.begun.set()
            assert self.second_done.wait(PATIENCE)
            return self._store.write(job)
        done = self._store.write(job)
        self.second_done.set()
        return done


def stored_offset(services: Services) -> timedelta:
    with services.store.read() as stored:
        return timedelta(seconds=float(stored.settings.get(CLOCK_SETTING) or "nan"))


def sandbox_clock(town: Town) -> SandboxClock:
    clock = town.services.clock
    assert isinstance(clock, SandboxClock)
    return clock


def test_two_moves_at_once_leave_the_clock_where_the_store_says(town: Town) -> None:
    clock, store = sandbox_clock(town), FirstComesLast(town.services.store)
    before = clock.offset
    controls = StoredSandbox(clock=clock, store=store, faults=NO_FAULTS)  # type: ignore[arg-type]  # it only writes
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(controls.advance_clock, 10)
        assert store.begun.wait(PATIENCE)
        controls.advance_clock(10)
        first.result(PATIENCE)
    assert stored_offset(town.services) == clock.offset == before + timedelta(seconds=20)


def test_moves_from_many_threads_are_all_counted_and_survive_a_restart(tmp_path: Path) -> None:
    town = Town(tmp_path)
    before = sandbox_clock(town).offset
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: town.pass_time(60), range(40)))
    after = sandbox_clock(town).offset
    town.built.close()
    again = Town(tmp_path)
    assert after == sandbox_clock(again).offset == before + timedelta(minutes=40)
    again.built.close()
