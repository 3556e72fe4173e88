"""How many threads may wait while another process keeps the write lock: half of those that answer requests.

Whoever writes from a thread holds it until the commit. With the lock held for ten seconds, every worker thread would
soon wait, and what only reads would find none. So only some may wait on; the others are refused after a second, and
what they wanted is not done later either.
"""

from __future__ import annotations

import threading
from concurrent.futures import wait
from typing import Final, Generic, Protocol, TypeVar

from eztong.adapters.storage.rounds.transaction import StoreLocked
from eztong.ports.storage.store import Committed, Job, Submits, UnitOfWork, submitted

T = TypeVar("T")

MAY_WAIT: Final = 20
"""Half of the forty worker threads that all pages share."""

PATIENCE_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 0.2


class Rounds(Submits, Protocol):
    """What is used of a driver."""

    def check_may_wait(self) -> None:
        """Return if the calling thread may wait for a round, and raise WaitsForItself if rounds run on it."""
        ...

    def locked_seconds(self) -> float:
        """Return for how long rounds have been waiting for the lock while others wait behind them; 0 if none does."""
        ...


class WaitingThreads:
    """The places of threads that may wait for the lock to the end."""

    def __init__(self, *, may_wait: int = MAY_WAIT, patience: float = PATIENCE_SECONDS) -> None:
        """Have ``may_wait`` places; whoever has none is refused after ``patience`` seconds of a held lock."""
        self._places = threading.Semaphore(may_wait)
        self._patience = patience

    def write(self, job: Job[T], driver: Rounds) -> Committed[T]:
        """Run ``job`` in a round of ``driver`` and return what it returned, once that is durable.

        Raises:
            WaitsForItself: rounds run on this thread; nothing was queued.
            StoreLocked: another process keeps the lock, and enough threads wait for it; nothing was written.
            Exception: as :meth:`~eztong.ports.storage.store.Store.submit` says.
        """
        driver.check_may_wait()
        if not self._places.acquire(blocking=False):
            return self._write_without_place(job, driver)
        try:
            return submitted(driver, job).result()
        finally:
            self._places.release()

    def _write_without_place(self, job: Job[T], driver: Rounds) -> Committed[T]:
        if driver.locked_seconds() > self._patience:
            raise StoreLocked
        revocable = _Revocable(job)
        future = submitted(driver, revocable)
        while not future.done():
            if driver.locked_seconds() > self._patience and revocable.revoke():
                raise StoreLocked
            wait((future,), _LOOK_SECONDS)
        return future.result()


class _Revocable(Generic[T]):
    """A job that can be taken back until it begins."""

    def __init__(self, job: Job[T]) -> None:
        self._job = job
        self._gate = threading.Lock()
        self._begun = False
        self._revoked = False

    def revoke(self) -> bool:
        """Take the job back; return False if it has begun."""
        with self._gate:
            self._revoked = not self._begun
            return self._revoked

    def __call__(self, uow: UnitOfWork) -> T:
        """Do the job, unless it was taken back."""
        with self._gate:
            if self._revoked:
                raise StoreLocked
            self._begun = True
        return self._job(uow)
