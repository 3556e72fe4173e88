"""Lanes: threads that each work on a connection of their own, and the queues that they take jobs from.

What said beforehand what it needs is hot: it waits in a queue of its own, and one lane takes all that waits there as
one round, with one signature and one commit. Everything else is cold: a lane, or several, takes one job at a time, each
a transaction of its own. A lane begins with the first job that needs it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

from typing_extensions import override

from eztong.adapters.storage.postgres.repetition import Repetition
from eztong.adapters.storage.postgres.turns import Turns
from eztong.adapters.storage.rounds.drivers import Driver, DriverEnd, WaitsForItself
from eztong.adapters.storage.rounds.group_commit import GroupCommit, Observer, Round, Waiting
from eztong.adapters.storage.rounds.helper_thread import start_thread
from eztong.ports.storage.store import Done, Job, Needs

COLD_LANES: Final = 1
"""Lanes of one process undo one another while a database is small: with two, registrations took twice as long."""

MOST_HOT: Final = 64
"""How many hot jobs may share a round."""

STOP_SECONDS: Final = 4.0
"""How long a stop waits for what the lanes have begun."""

_STOPPING: Final = "The service is stopping; nothing was written."


class _Queue:
    """Jobs of one temperature, and how many lanes there are for them."""

    def __init__(self, *, lanes: int, most: int, is_careful: bool) -> None:
        self.waiting: deque[Waiting] = deque()
        self.most_lanes = lanes
        self.most = most
        self.is_careful = is_careful
        """Whether a job has a savepoint of its own from the start, as one that is alone needs no second try with it."""

        self.lanes = 0
        self.idle = 0

    def take(self) -> list[Waiting]:
        return [self.waiting.popleft() for _ in range(min(len(self.waiting), self.most))]


class Lanes(Driver):
    """All the lanes of a store. Jobs may come from any thread."""

    def __init__(
        self,
        open_lane: Callable[[], GroupCommit],
        observer: Observer,
        share: Callable[[], float],
        *,
        cold_lanes: int = COLD_LANES,
    ) -> None:
        """Work with what ``open_lane`` makes; ``share`` draws how much of a pause is waited."""
        self._open_lane = open_lane
        self._observer = observer
        self._share = share
        self._cold = _Queue(lanes=cold_lanes, most=1, is_careful=True)
        self._hot = _Queue(lanes=1, most=MOST_HOT, is_careful=False)
        self._turns = Turns()
        self._gate = threading.Condition()
        self._closing = False
        self._stop_at = float("inf")
        self._working = 0
        self._repetitions: list[Repetition] = []
        self._threads: list[threading.Thread] = []
        self._loop_thread: int | None = None
        self._telling = threading.Lock()
        self._last_end = float("-inf")
        self._last_failed = False

    @property
    @override
    def is_running(self) -> bool:
        return not self._closing

    @property
    def repeats(self) -> int:
        """Return how often a round had to be run again since the start."""
        return sum(one.repeats for one in tuple(self._repetitions))

    @property
    def has_failed(self) -> bool:
        """Say whether the last round could not commit."""
        return self._last_failed

    def idle_seconds(self) -> float:
        """Return how long ago the last round ended."""
        return monotonic() - self._last_end

    def serve(self, loop_thread: int | None) -> None:
        """Know the thread of the event loop that must not wait; None: there is none any more."""
        self._loop_thread = loop_thread

    @override
    def submit(self, job: Job[Any], done: Done[Any], *, needs: Needs | None = None) -> None:
        waiting, queue = Waiting(job, done, needs), self._cold if needs is None else self._hot
        with self._gate:
            is_accepted = not self._closing
            if is_accepted:
                queue.waiting.append(waiting)
                if len(queue.waiting) > queue.idle and queue.lanes < queue.most_lanes:
                    self._begin_lane(queue)
                self._gate.notify_all()
        # Without the gate: whoever is told may ask for more.
        if not is_accepted:
            waiting.refuse(_STOPPING)

    @override
    def check_may_wait(self) -> None:
        here = threading.current_thread()
        if here in self._threads or (threading.get_ident() == self._loop_thread and not self._closing):
            raise WaitsForItself("A write was waited for on a thread that must not wait for one.")

    @override
    def locked_seconds(self) -> float:
        # A lane that waits for a lock keeps the others going; how long it may wait the server knows.
        return 0.0

    def wait_idle(self, seconds: float) -> bool:
        """Wait until no job waits or runs; return False if that took too long."""
        with self._gate:
            return self._gate.wait_for(self._is_idle, seconds)

    @override
    def close(self) -> DriverEnd:
        with self._gate:
            self._closing = True
            self._gate.notify_all()
            self._stop_at = monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(self._stop_at - monotonic(), 0.0))
        with self._gate:
            left = [*self._cold.waiting, *self._hot.waiting]
            self._cold.waiting.clear()
            self._hot.waiting.clear()
        for waiting in left:
            waiting.refuse(_STOPPING)
        return DriverEnd(len(left), not any(one.is_alive() for one in self._threads))

    def _begin_lane(self, queue: _Queue) -> None:
        queue.lanes += 1
        queue.idle += 1
        self._threads.append(start_thread(lambda: self._work(queue), name="eztong-lane"))

    def _work(self, queue: _Queue) -> None:
        commit = self._open_lane()
        repetition = Repetition(commit, self._turns, self._share)
        self._repetitions.append(repetition)
        try:
            while waiting := self._next(queue):
                current = Round(waiting, careful=queue.is_careful)
                try:
                    repetition.see_through(current, give_up=self._must_stop)
                except BaseException as error:  # noqa: BLE001 - whatever failed, every caller must hear of it
                    commit.fail(current, error)
                self._end(commit, current, queue)
        finally:
            commit.close()

    def _next(self, queue: _Queue) -> list[Waiting]:
        """Wait for jobs and take them; none: the lane ends."""
        with self._gate:
            self._gate.wait_for(lambda: queue.waiting or self._closing)
            queue.idle -= 1
            taken = queue.take()
            self._working += bool(taken)
            return taken

    def _end(self, commit: GroupCommit, current: Round, queue: _Queue) -> None:
        with self._gate:
            # Before anybody hears of it: who was told and asks for more has this lane at once.
            queue.idle += 1
        self._last_end, self._last_failed = monotonic(), current.failure is not None
        try:
            commit.tell(current, self._observe)
        finally:
            with self._gate:
                self._working -= 1
                if self._is_idle():
                    self._gate.notify_all()

    def _must_stop(self) -> bool:
        return monotonic() >= self._stop_at

    def _is_idle(self) -> bool:
        return not (self._working or self._cold.waiting or self._hot.waiting)

    def _observe(self, jobs: int, seconds: float) -> None:
        with self._telling:
            self._observer(jobs, seconds)
