"""Who runs the rounds of a group commit: a thread of its own, or an event loop with a helper thread.

On an event loop the jobs run on the loop's own thread and only signature and fsync go to the helper. With a writer
thread instead, every statement would hand the interpreter back and forth between two busy threads, which costs more
than the statement; measured in docs/benchmarks.md.

The loop never waits: a round that a thread of the rounds waits for would never come, so :meth:`Driver.check_may_wait`
says so at once. Where another process holds the write lock, the helper waits for it, and the jobs run on the loop
once the lock is held. A round always ends: whatever fails in it is told to its callers, and the next one begins.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from typing_extensions import override

from eztong.adapters.storage.rounds.group_commit import GroupCommit, Observer, Round, Waiting
from eztong.adapters.storage.rounds.helper_thread import HelperThread, start_thread
from eztong.domain.errors import Unavailable
from eztong.ports.storage.store import Done, Job, Needs

MAX_ROUND: Final = 256
MAX_LOOP_ROUND: Final = 128
LOCK_SECONDS: Final = 10.0
"""How long a write waits for a lock that another process holds; then it is refused as unavailable."""

STOP_SECONDS: Final = 4.0
"""How long a stop waits for the helper thread, which may be in the middle of a write to a disk that hangs."""

QUIET_TURNS: Final = 2
"""How many turns of the loop without a new job a round waits for before it begins."""

ENOUGH_JOBS: Final = 64
"""A round of so many waits for no more: one signature for all is cheap then, and they have waited long enough."""

_STOPPING = "The service is stopping; nothing was written."
_Step = Callable[[Round], None]


@dataclass(frozen=True, slots=True)
class DriverEnd:
    """How a driver ended: how many accepted jobs were not done, and whether the connection is free again."""

    refused: int = 0
    is_free: bool = True


class WaitsForItself(RuntimeError):
    """A thread that rounds need was about to wait for one: a fault of the program, which would hang for good."""


class Driver(Protocol):
    """Accepts jobs from any thread and sees them through."""

    @property
    def is_running(self) -> bool:
        """Say whether jobs are accepted."""
        ...

    def submit(self, job: Job[Any], done: Done[Any], *, needs: Needs | None = None) -> None:
        """Queue a job, as :meth:`~eztong.ports.storage.store.Store.submit` says."""
        ...

    def check_may_wait(self) -> None:
        """Return if the calling thread may wait for a round.

        Raises:
            WaitsForItself: it is one that rounds run on.
        """
        ...

    def locked_seconds(self) -> float:
        """Return for how long rounds have been waiting for the lock while others wait behind them; 0 if none does."""
        ...

    def close(self) -> DriverEnd:
        """Refuse new jobs and return when the accepted ones are done, or cannot be done."""
        ...


class ThreadDriver(Driver):
    """A thread that runs whole rounds: for commands and tests."""

    def __init__(self, commit: GroupCommit, observer: Observer, *, lock_seconds: float = LOCK_SECONDS) -> None:
        """Start the thread.

        Raises:
            Unavailable: the system gives none.
        """
        self._commit = commit
        self._observer = observer
        self._lock_seconds = lock_seconds
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._closing = False
        self._gate = threading.Lock()
        self._thread = start_thread(self._run, name="eztong-writer")

    @property
    @override
    def is_running(self) -> bool:
        return self._thread.is_alive() and not self._closing

    @override
    def submit(self, job: Job[Any], done: Done[Any], *, needs: Needs | None = None) -> None:
        waiting = Waiting(job, done, needs)
        with self._gate:
            is_accepted = not self._closing
            if is_accepted:
                self._queue.put(waiting)
        # Without the gate: whoever is told may ask for more.
        if not is_accepted:
            waiting.refuse(_STOPPING)

    @override
    def check_may_wait(self) -> None:
        _check_is_another(is_another=threading.current_thread() is not self._thread)

    @override
    def locked_seconds(self) -> float:
        # Whoever shares this driver serves nobody.
        return 0.0

    @override
    def close(self) -> DriverEnd:
        with self._gate:
            if not self._closing:
                self._closing = True
                self._queue.put(None)
        self._thread.join()
        return DriverEnd()

    def _run(self) -> None:
        last = False
        while not last:
            waiting, last = self._take()
            if waiting:
                _run_round(self._commit, Round(waiting), self._observer, self._lock_seconds)

    def _take(self) -> tuple[list[Waiting], bool]:
        taken: list[Waiting] = []
        item = self._queue.get()
        while item is not None:
            taken.append(item)
            if len(taken) >= MAX_ROUND:
                return taken, False
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return taken, False
        return taken, True


class LoopDriver(Driver):
    """Rounds on an event loop: for the server.

    While one round is being signed and made durable by the helper thread, the loop reads the next requests; their
    jobs are the next round.
    """

    def __init__(
        self,
        commit: GroupCommit,
        observer: Observer,
        loop: asyncio.AbstractEventLoop,
        *,
        lock_seconds: float = LOCK_SECONDS,
    ) -> None:
        """Run rounds on ``loop``, which must be the running one.

        Raises:
            Unavailable: the helper thread cannot be started.
        """
        self._commit = commit
        self._observer = observer
        self._loop = loop
        self._lock_seconds = lock_seconds
        self._loop_thread = threading.get_ident()
        self._waiting: deque[Waiting] = deque()
        self._helper = HelperThread("eztong-commit")
        self._gate = threading.Lock()
        self._scheduled = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._closing = False
        self._current: Round | None = None

    @property
    @override
    def is_running(self) -> bool:
        return not self._closing

    @override
    def submit(self, job: Job[Any], done: Done[Any], *, needs: Needs | None = None) -> None:
        waiting = Waiting(job, done, needs)
        with self._gate:
            is_accepted, is_first = not self._closing, not self._scheduled
            if is_accepted:
                self._waiting.append(waiting)
                if is_first:
                    self._scheduled = True
                    self._idle.clear()
        # Without the gate: whoever is told may ask for more.
        if not is_accepted:
            waiting.refuse(_STOPPING)
        elif is_first:
            self._schedule()

    @override
    def check_may_wait(self) -> None:
        # Once it closes whatever comes is refused at once, which is no waiting.
        is_another = threading.get_ident() != self._loop_thread and not self._helper.is_calling()
        _check_is_another(is_another=is_another or self._closing)

    @override
    def locked_seconds(self) -> float:
        return self._commit.locked_seconds()

    @override
    def close(self) -> DriverEnd:
        """Finish on the calling thread, the loop's, what the loop no longer will.

        Nothing is waited for without a limit: what the lock, the helper or the disk still keeps is refused, and of a
        round that is stuck in its commit nobody can tell what became of it.
        """
        with self._gate:
            self._closing = True
        is_free = self._helper.stop(STOP_SECONDS)
        refused = 0 if is_free or self._current is None else len(self._current.waiting)
        while waiting := self._take(MAX_LOOP_ROUND):
            current = Round(waiting, failure=None if is_free else Unavailable(_STOPPING))
            if is_free:
                _run_round(self._commit, current, self._observer, 0.0)
            else:
                self._commit.tell(current, self._observer)
            refused += current.refused()
        return DriverEnd(refused, is_free)

    async def drain(self, seconds: float) -> bool:
        """Wait until no job waits or runs, without refusing new ones; return False if that took too long."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _schedule(self) -> None:
        if threading.get_ident() == self._loop_thread:
            self._loop.call_soon(self._gather, 1, QUIET_TURNS)
        else:
            self._loop.call_soon_threadsafe(self._gather, 1, QUIET_TURNS)

    def _gather(self, seen: int, quiet: int) -> None:
        """Begin a round once the loop has turned so often without a new job, or there are enough.

        Otherwise two half-full rounds alternate for good: the answers to one set off what comes just too late for the
        next. A turn without work takes some microseconds, a signature hundreds.
        """
        waiting = len(self._waiting)
        if waiting >= ENOUGH_JOBS or (waiting <= seen and quiet <= 0):
            self._start_round()
        else:
            self._loop.call_soon(self._gather, waiting, quiet - 1 if waiting <= seen else QUIET_TURNS)

    def _start_round(self) -> None:
        # While closing, what still waits is done by close() on its own thread.
        if not self._closing:
            self._begin(Round())

    def _begin(self, current: Round) -> None:
        """On the loop: take the lock and run the jobs, or let the helper wait for the lock."""
        if self._commit.begin(current):
            self._run(current)
        else:
            self._help(self._wait, current)

    def _wait(self, current: Round) -> None:
        """On the helper: wait for the lock."""
        self._commit.begin_within(current, self._lock_seconds, give_up=lambda: self._closing)
        self._return(self._run, current)

    def _run(self, current: Round) -> None:
        """On the loop: run the jobs; the lock is held."""
        if self._closing:
            # The connection is no longer ours.
            current.failure = current.failure or Unavailable(_STOPPING)
        if current.failure is None:
            self._current = current
            # What came while the lock was waited for joins in.
            current.waiting = current.waiting or self._take(MAX_LOOP_ROUND)
            if not self._commit.run(current):
                self._begin(current)
                return
        if current.failure is None:
            self._help(self._finish, current)
        else:
            self._end(current)

    def _finish(self, current: Round) -> None:
        """On the helper: sign and commit."""
        self._commit.finish(current)
        self._return(self._end, current)

    def _end(self, current: Round) -> None:
        """On the loop: tell the callers, and begin the next round if anybody waits."""
        # A round that never held the lock has no jobs yet: nobody who waits now would fare better.
        current.waiting = current.waiting or self._take(len(self._waiting))
        self._current = None
        try:
            self._commit.tell(current, self._observer)
        finally:
            with self._gate:
                goes_on = self._scheduled = bool(self._waiting)
                if not goes_on:
                    self._idle.set()
            # Asked again without the gate, it may be what a submit in between has said, which gathers by itself: two
            # rounds at once would undo one another.
            if goes_on:
                # Who was answered just now may have more to ask: they join those who waited meanwhile.
                self._loop.call_soon(self._gather, len(self._waiting), QUIET_TURNS)

    def _help(self, step: _Step, current: Round) -> None:
        """Hand a step to the helper; if it takes none any more, the round ends here."""
        if not self._helper.submit(lambda: step(current)):
            self._commit.fail(current, Unavailable(_STOPPING))
            self._end(current)

    def _return(self, step: _Step, current: Round) -> None:
        """Go on with a step on the loop; if the loop has ended, the round ends here."""
        try:
            self._loop.call_soon_threadsafe(step, current)
        except RuntimeError as error:
            if step == self._run:
                self._commit.fail(current, error)
            self._commit.tell(current, self._observer)

    def _take(self, most: int) -> list[Waiting]:
        with self._gate:
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), most))]


def _check_is_another(*, is_another: bool) -> None:
    if not is_another:
        raise WaitsForItself("A write was waited for on a thread that writes: it would wait for itself, for good.")


def _run_round(commit: GroupCommit, current: Round, observer: Observer, lock_seconds: float) -> None:
    """See one round through on this thread, which may wait."""
    done = False
    while not done:
        commit.begin_within(current, lock_seconds, give_up=lambda: False)
        done = current.failure is not None or commit.run(current)
    commit.finish(current)
    commit.tell(current, observer)
