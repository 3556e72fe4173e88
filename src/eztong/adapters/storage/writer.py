"""The group-committing writer: one thread, one transaction for all that waits, one signature, one fsync.

A round of the loop:

1. Take every job that waits (at most ``MAX_BATCH``).
2. Begin; run each job inside a savepoint of its own. A job that raises is rolled back alone, with its leaves.
3. If anything was attested, sign the root of the leaves and store the batch.
4. Commit (synchronous=FULL: on disk).
5. Only then complete the futures.

Step 3 and 4 cost one SM2 signature and one fsync for the whole round, so under load both are shared, and idle the
latency is one of each.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from eztong.adapters.storage.repositories.verifications import add_batch
from eztong.adapters.storage.unit_of_work import SqlUnitOfWork
from eztong.domain.errors import Unavailable
from eztong.domain.identifiers import ULID_RANDOM_BYTES, BatchId, make_id
from eztong.domain.merkle import tree_levels
from eztong.domain.proof import SignedBatch
from eztong.domain.signed_note import BatchRoot, render_note
from eztong.ports.clock import Clock
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, SignPurpose
from eztong.ports.storage import Committed, UnitOfWork

MAX_BATCH = 256
Job = Callable[[UnitOfWork], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What the writer needs to date, name and sign a batch."""

    keys: Keys
    clock: Clock
    entropy: Entropy
    origin: str


@dataclass(frozen=True, slots=True)
class _Waiting:
    job: Job
    future: Future[Committed[Any]]


@dataclass(frozen=True, slots=True)
class _Done:
    future: Future[Committed[Any]]
    value: Any = None
    error: BaseException | None = None


class GroupCommitWriter:
    """Owns the writing connection and its thread."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        uow: SqlUnitOfWork,
        signing: Signing,
        *,
        on_commit: Callable[[int, float], None],
    ) -> None:
        """Start the thread; ``on_commit`` is told jobs and seconds of each round."""
        self._connection = connection
        self._uow = uow
        self._signing = signing
        self._on_commit = on_commit
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="eztong-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> Future[Committed[Any]]:
        """Queue a job."""
        future: Future[Committed[Any]] = Future()
        with self._gate:
            if self._closing.is_set():
                future.set_exception(Unavailable("The service is stopping; nothing was written."))
            else:
                self._queue.put(_Waiting(job, future))
        return future

    def close(self) -> None:
        """Refuse new jobs, finish the accepted ones, stop the thread, close the connection."""
        with self._gate:
            if self._closing.is_set():
                return
            self._closing.set()
            self._queue.put(None)
        self._thread.join()
        self._connection.close()

    @property
    def is_alive(self) -> bool:
        """Say whether the thread runs."""
        return self._thread.is_alive() and not self._closing.is_set()

    def _run(self) -> None:
        last = False
        while not last:
            waiting, last = self._take()
            if waiting:
                started = perf_counter()
                self._round(waiting)
                self._on_commit(len(waiting), perf_counter() - started)

    def _take(self) -> tuple[list[_Waiting], bool]:
        taken: list[_Waiting] = []
        item = self._queue.get()
        while item is not None:
            taken.append(item)
            if len(taken) >= MAX_BATCH:
                return taken, False
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return taken, False
        return taken, True

    def _round(self, waiting: Sequence[_Waiting]) -> None:
        try:
            done, batch = self._commit(waiting)
        except Exception as error:  # noqa: BLE001 - whatever failed, every caller must hear of it
            self._abort()
            failure = Unavailable("The store could not commit; nothing was written.")
            failure.__cause__ = error
            done, batch = [_Done(item.future, error=failure) for item in waiting], None
        for item in done:
            if item.error is not None:
                item.future.set_exception(item.error)
            else:
                item.future.set_result(Committed(item.value, batch))

    def _commit(self, waiting: Sequence[_Waiting]) -> tuple[list[_Done], SignedBatch | None]:
        signing, execute = self._signing, self._connection.execute
        now = signing.clock.now()
        random = signing.entropy.token(ULID_RANDOM_BYTES)
        self._uow.start_batch(BatchId(make_id("bat", now=now, random=random)))
        execute("BEGIN IMMEDIATE")
        done = [self._run_one(item) for item in waiting]
        batch = self._sign() if self._uow.leaves else None
        execute("COMMIT")
        return done, batch

    def _run_one(self, item: _Waiting) -> _Done:
        execute, leaves = self._connection.execute, self._uow.leaves
        kept = len(leaves)
        execute("SAVEPOINT job")
        try:
            value = item.job(self._uow)
        except sqlite3.OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - the job's own failure belongs to its caller alone
            del leaves[kept:]
            execute("ROLLBACK TO job")
            execute("RELEASE job")
            return _Done(item.future, error=error)
        execute("RELEASE job")
        return _Done(item.future, value)

    def _sign(self) -> SignedBatch:
        uow, signing = self._uow, self._signing
        now = signing.clock.now()
        levels = tree_levels(uow.leaves)
        root = BatchRoot(
            origin=signing.origin, size=len(uow.leaves), root=levels[-1][0], batch_id=uow.batch_id, time=now
        )
        made = signing.keys.sign(SignPurpose.RESULTS, root.text().encode())
        note = render_note(root, key_name=made.key_id, key_hash=made.key_hash, signature=made.signature)
        add_batch(uow.database, batch_id=uow.batch_id, note=note, leaves=uow.leaves, created_at=now)
        return SignedBatch(levels, note)

    def _abort(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
