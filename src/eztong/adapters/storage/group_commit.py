"""Group commit: one transaction for all that waits, one signature, one fsync.

A round has three parts, so that a driver can place each where it costs least:

1. :meth:`GroupCommit.run` begins the transaction and runs every job of the round. A job that raises before it wrote
   anything leaves nothing to undo; if one raises after writing, the round is rolled back and run again with a
   savepoint around each job, so that only the failed one is undone.
2. :meth:`GroupCommit.finish` signs the root of the leaves, stores the batch and commits (synchronous=FULL: on disk).
   It is nearly all OpenSSL and fsync, which leave the interpreter to others.
3. :meth:`Round.complete` tells the callers. Nothing is told before part 2 has succeeded.

Parts 2 and 3 cost one SM2 signature and one fsync for the whole round, so under load both are shared, and idle the
latency is one of each.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
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

Job = Callable[[UnitOfWork], Any]
Observer = Callable[[int, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What is needed to date, name and sign a batch."""

    keys: Keys
    clock: Clock
    entropy: Entropy
    origin: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job with the future of its caller."""

    job: Job
    future: Future[Committed[Any]]


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Any = None
    error: BaseException | None = None


@dataclass(slots=True)
class Round:
    """Jobs that commit together, and what became of each."""

    waiting: Sequence[Waiting]
    started: float
    outcomes: list[_Outcome] = field(default_factory=list)
    batch: SignedBatch | None = None
    failure: BaseException | None = None

    def complete(self, observer: Observer) -> None:
        """Tell every caller what became of its job."""
        if self.failure is not None:
            for item in self.waiting:
                refuse(item.future, "The store could not commit; nothing was written.", cause=self.failure)
            return
        for item, outcome in zip(self.waiting, self.outcomes, strict=True):
            if outcome.error is not None:
                item.future.set_exception(outcome.error)
            else:
                item.future.set_result(Committed(outcome.value, self.batch))
        # What only watches must not stop the writing.
        with suppress(Exception):
            observer(len(self.waiting), perf_counter() - self.started)


class _DirtyFailure(Exception):
    """A job failed after it had written something: the round must be run again with care."""


class GroupCommit:
    """The writing connection and what a round does on it. One round at a time; the driver sees to that."""

    def __init__(self, connection: sqlite3.Connection, uow: SqlUnitOfWork, signing: Signing) -> None:
        """Own ``connection``, over which ``uow`` was made."""
        self._connection = connection
        self._uow = uow
        self._signing = signing

    def run(self, waiting: Sequence[Waiting]) -> Round:
        """Begin the transaction and run the jobs."""
        current = Round(waiting, perf_counter())
        try:
            try:
                current.outcomes = self._run_all(waiting, run_one=self._run_plainly)
            except _DirtyFailure:
                self._abort()
                current.outcomes = self._run_all(waiting, run_one=self._run_carefully)
        except BaseException as error:  # noqa: BLE001 - whatever failed, every caller must hear of it
            self._abort()
            current.failure = error
        return current

    def finish(self, current: Round) -> None:
        """Sign what was attested and commit."""
        if current.failure is not None:
            return
        try:
            current.batch = self._sign() if self._uow.leaves else None
            self._connection.execute("COMMIT")
            if current.batch is not None:
                self._uow.chain.settle()
        except Exception as error:  # noqa: BLE001 - whatever failed, every caller must hear of it
            self._abort()
            current.failure = error

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _run_all(self, waiting: Sequence[Waiting], *, run_one: Callable[[Job], _Outcome]) -> list[_Outcome]:
        signing = self._signing
        random = signing.entropy.token(ULID_RANDOM_BYTES)
        self._connection.execute("BEGIN IMMEDIATE")
        self._uow.start_batch(BatchId(make_id("bat", now=signing.clock.now(), random=random)))
        return [run_one(item.job) for item in waiting]

    def _run_plainly(self, job: Job) -> _Outcome:
        database, leaves = self._uow.database, self._uow.leaves
        changes, kept = database.changes, len(leaves)
        try:
            return _Outcome(job(self._uow))
        except sqlite3.OperationalError:
            raise
        except Exception as error:
            if database.changes != changes:
                raise _DirtyFailure from error
            del leaves[kept:]
            return _Outcome(error=error)

    def _run_carefully(self, job: Job) -> _Outcome:
        execute, leaves = self._connection.execute, self._uow.leaves
        kept = len(leaves)
        execute("SAVEPOINT job")
        try:
            outcome = _Outcome(job(self._uow))
        except sqlite3.OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - the job's own failure belongs to its caller alone
            del leaves[kept:]
            execute("ROLLBACK TO job")
            outcome = _Outcome(error=error)
        execute("RELEASE job")
        return outcome

    def _sign(self) -> SignedBatch:
        uow, signing = self._uow, self._signing
        now = signing.clock.now()
        levels = tree_levels(uow.leaves)
        root = BatchRoot(
            origin=signing.origin,
            size=len(uow.leaves),
            root=levels[-1][0],
            batch_id=uow.batch_id,
            time=now,
            place=uow.chain.next_place(name_writer=self._name_writer),
        )
        made = signing.keys.sign(SignPurpose.RESULTS, root.text().encode())
        note = render_note(root, key_name=made.key_id, key_hash=made.key_hash, signature=made.signature)
        add_batch(uow.database, root, note=note, leaves=uow.leaves)
        uow.chain.signed(root, note)
        return SignedBatch(levels, note)

    def _name_writer(self) -> str:
        random = self._signing.entropy.token(ULID_RANDOM_BYTES)
        return make_id("wri", now=self._signing.clock.now(), random=random)

    def _abort(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def accept(job: Job) -> Waiting:
    """Return ``job`` with a future that nobody can cancel: a write that may already be under way is not undone."""
    future: Future[Committed[Any]] = Future()
    future.set_running_or_notify_cancel()
    return Waiting(job, future)


def refuse(future: Future[Committed[Any]], why: str, *, cause: BaseException | None = None) -> None:
    """Tell a caller that its job was not done."""
    failure = Unavailable(why)
    failure.__cause__ = cause
    future.set_exception(failure)
