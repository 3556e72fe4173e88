"""Who runs the rounds of a group commit: a thread of its own, or an event loop with a helper thread.

On an event loop the jobs run on the loop's own thread and only signature and fsync go to the helper. With a writer
thread instead, every statement would hand the interpreter back and forth between two busy threads, which costs more
than the statement; measured in docs/benchmarks.md.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

from typing_extensions import override

from eztong.adapters.storage.group_commit import GroupCommit, Job, Observer, Round, Waiting, accept, refuse
from eztong.ports.storage import Committed

MAX_ROUND = 256
MAX_LOOP_ROUND = 64
_STOPPING = "The service is stopping; nothing was written."


class Driver(Protocol):
    """Accepts jobs from any thread and sees them through."""

    @property
    def is_running(self) -> bool:
        """Say whether jobs are accepted."""
        ...

    def submit(self, job: Job) -> Future[Committed[Any]]:
        """Queue a job."""
        ...

    def close(self) -> None:
        """Refuse new jobs and return when the accepted ones are done."""
        ...


class ThreadDriver(Driver):
    """A thread that runs whole rounds: for commands and tests."""

    def __init__(self, commit: GroupCommit, observer: Observer) -> None:
        """Start the thread."""
        self._commit = commit
        self._observer = observer
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._closing = False
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="eztong-writer", daemon=True)
        self._thread.start()

    @property
    @override
    def is_running(self) -> bool:
        return self._thread.is_alive() and not self._closing

    @override
    def submit(self, job: Job) -> Future[Committed[Any]]:
        waiting = accept(job)
        with self._gate:
            if self._closing:
                refuse(waiting.future, _STOPPING)
            else:
                self._queue.put(waiting)
        return waiting.future

    @override
    def close(self) -> None:
        with self._gate:
            if not self._closing:
                self._closing = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        last = False
        while not last:
            waiting, last = self._take()
            if waiting:
                current = self._commit.run(waiting)
                self._commit.finish(current)
                current.complete(self._observer)

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

    def __init__(self, commit: GroupCommit, observer: Observer, loop: asyncio.AbstractEventLoop) -> None:
        """Run rounds on ``loop``, which must be the running one."""
        self._commit = commit
        self._observer = observer
        self._loop = loop
        self._loop_thread = threading.get_ident()
        self._waiting: deque[Waiting] = deque()
        self._helper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="eztong-commit")
        self._gate = threading.Lock()
        self._scheduled = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._closing = False

    @property
    @override
    def is_running(self) -> bool:
        return not self._closing

    @override
    def submit(self, job: Job) -> Future[Committed[Any]]:
        waiting = accept(job)
        with self._gate:
            if self._closing:
                refuse(waiting.future, _STOPPING)
                return waiting.future
            self._waiting.append(waiting)
            if self._scheduled:
                return waiting.future
            self._scheduled = True
            self._idle.clear()
        if threading.get_ident() == self._loop_thread:
            self._loop.call_soon(self._start_round)
        else:
            self._loop.call_soon_threadsafe(self._start_round)
        return waiting.future

    @override
    def close(self) -> None:
        """Finish on the calling thread what the loop no longer will; the loop must not be running rounds."""
        with self._gate:
            self._closing = True
        self._helper.shutdown(wait=True)
        while self._waiting:
            current = self._commit.run(self._take())
            self._commit.finish(current)
            current.complete(self._observer)

    async def drain(self) -> None:
        """Wait until no job waits or runs, without refusing new ones."""
        await self._idle.wait()

    def _start_round(self) -> None:
        if self._closing:
            # What still waits is done by close() on its own thread.
            return
        current = self._commit.run(self._take())
        self._helper.submit(self._finish_round, current)

    def _finish_round(self, current: Round) -> None:
        self._commit.finish(current)
        self._loop.call_soon_threadsafe(self._end_round, current)

    def _end_round(self, current: Round) -> None:
        current.complete(self._observer)
        with self._gate:
            self._scheduled = bool(self._waiting)
            if not self._scheduled:
                self._idle.set()
        if self._scheduled:
            # After the answers of this round were written and what they set off was read.
            self._loop.call_soon(self._start_round)

    def _take(self) -> list[Waiting]:
        with self._gate:
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_LOOP_ROUND))]
