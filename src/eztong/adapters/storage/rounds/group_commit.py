"""Group commit: one transaction for all that waits, one signature, one fsync.

A round has four parts, so that a driver can place each where it costs least:

1. :meth:`GroupCommit.begin` takes the write lock if it is free, at once; :meth:`GroupCommit.begin_within` waits for it,
   so it never runs on an event loop.
2. :meth:`GroupCommit.run` runs every job of the round. A job that raises before it wrote anything leaves nothing to
   undo; if one raises after writing, the round is rolled back and must be begun again, then with a savepoint around
   each job, so that only the failed one is undone.
3. :meth:`GroupCommit.finish` signs the root of the leaves, stores the batch and commits, which puts it on disk.
   It is nearly all OpenSSL and fsync, which leave the interpreter to others.
4. :meth:`Round.complete` tells the callers. Nothing is told before part 3 has succeeded.

Parts 3 and 4 cost one SM2 signature and one fsync for the whole round, so under load both are shared, and idle the
latency is one of each. None of the four raises: whatever fails is the round's ``failure``, of which every caller hears.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, perf_counter, sleep
from typing import Any, Final

import msgspec
import structlog

from eztong.adapters.storage.rounds.transaction import OutcomeUnknown, StoreLocked, Transaction
from eztong.adapters.storage.sql.repositories.codes.batches import add_batch
from eztong.adapters.storage.sql.statements import ChangeLost
from eztong.adapters.storage.sql.unit_of_work import SqlUnitOfWork
from eztong.domain.errors import Unavailable
from eztong.domain.evidence.merkle import tree_levels
from eztong.domain.evidence.proof import SignedBatch
from eztong.domain.evidence.signed_note import BatchRoot, render_note
from eztong.domain.identifiers import BatchId, make_id
from eztong.ports.clock import Clock
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, SignPurpose
from eztong.ports.storage.store import Committed, Done, Job, Needs

Observer = Callable[[int, float], None]
LeftOut = Callable[[str, str], None]
"""Is told the name of a part that was left out of a job, and the kind of its failure."""

_PAUSE_SECONDS: Final = 0.002
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What is needed to date, name and sign a batch."""

    keys: Keys
    clock: Clock
    entropy: Entropy
    origin: str


class Waiting(msgspec.Struct, frozen=True):
    """A job, who is told what became of it, and what it said it needs."""

    job: Job[Any]
    done: Done[Any]
    needs: Needs | None = None

    def tell(self, outcome: Committed[Any] | Exception) -> None:
        """Tell the caller. What it does with that must not keep the others of its round from theirs."""
        try:
            self.done(outcome)
        except Exception:  # noqa: BLE001 - whatever the caller raises is its own
            _log.exception("a_caller_of_the_store_failed")

    def refuse(self, why: str, *, cause: BaseException | None = None) -> None:
        """Tell the caller that its job was not done."""
        failure = Unavailable(why)
        failure.__cause__ = cause
        self.tell(failure)


class _Ended(msgspec.Struct, frozen=True):
    value: Any = None
    error: Exception | None = None


@dataclass(slots=True)
class Round:
    """Jobs that commit together, and what became of each. It has no jobs before it holds the write lock."""

    waiting: Sequence[Waiting] = ()
    started: float = field(default_factory=perf_counter)
    careful: bool = False
    """Whether each job gets a savepoint of its own."""

    outcomes: list[_Ended] = field(default_factory=list)
    batch: SignedBatch | None = None
    left_out: Sequence[tuple[str, str]] = ()
    failure: BaseException | None = None

    def complete(self, observer: Observer) -> None:
        """Tell every caller what became of its job."""
        if self.failure is not None:
            for item in self.waiting:
                item.tell(_refusal(self.failure))
            return
        batch = self.batch
        for item, outcome in zip(self.waiting, self.outcomes, strict=True):
            item.tell(outcome.error or Committed(outcome.value, batch))
        # What only watches must not stop the writing.
        with suppress(Exception):
            observer(len(self.waiting), perf_counter() - self.started)

    def refused(self) -> int:
        """Return how many callers heard that their job was not done."""
        if self.failure is not None:
            return len(self.waiting)
        return sum(isinstance(outcome.error, Unavailable) for outcome in self.outcomes)


def _refusal(failure: BaseException) -> Unavailable:
    """Return what a caller is told; each has an exception of its own, as each raises it in a place of its own."""
    if isinstance(failure, Unavailable):
        kind = OutcomeUnknown if isinstance(failure, OutcomeUnknown) else Unavailable
        refusal = kind(failure.detail)
    else:
        refusal = Unavailable("The store could not commit; nothing was written.")
    refusal.__cause__ = failure
    return refusal


def _unknown_after(error: BaseException) -> OutcomeUnknown:
    unknown = OutcomeUnknown()
    unknown.__cause__ = error
    return unknown


def _ignore(_name: str, _kind: str) -> None:
    """Tell nobody."""


class TwoRounds(RuntimeError):
    """A round was begun within another, a fault of the driver: it ends, since its begin would undo what is open."""


class _DirtyFailure(Exception):
    """A job failed after it had written something: the round must be run again with care."""


class GroupCommit:
    """The writing transaction and what a round does in it. One round at a time; the driver sees to that."""

    def __init__(
        self, transaction: Transaction, uow: SqlUnitOfWork, signing: Signing, *, on_left_out: LeftOut = _ignore
    ) -> None:
        """Own ``transaction``, over whose connection ``uow`` was made."""
        self._transaction = transaction
        self._uow = uow
        self._signing = signing
        self._on_left_out = on_left_out
        self._last_end = monotonic()
        self._last_look = monotonic()
        self._last_failure: BaseException | None = None
        self._locked_since: float | None = None
        self._open: Round | None = None

    def begin(self, current: Round) -> bool:
        """Begin the round's transaction if that needs no waiting; return False while others hold the lock."""
        if self._open is not None and self._open is not current:
            current.failure = TwoRounds()
            return True
        try:
            has_begun = self._transaction.begin()
        except Exception as error:  # noqa: BLE001 - whatever failed, every caller must hear of it
            current.failure = error
            has_begun = True
        if has_begun:
            self._locked_since = None
            self._open = current
        elif self._locked_since is None:
            self._locked_since = monotonic()
        return has_begun

    def begin_within(self, current: Round, seconds: float, *, give_up: Callable[[], bool]) -> None:
        """Begin the round's transaction, waiting for the lock until ``seconds`` are over or ``give_up`` says so."""
        deadline = monotonic() + seconds
        while not self.begin(current):
            if monotonic() >= deadline or give_up():
                current.failure = StoreLocked()
                return
            sleep(_PAUSE_SECONDS)

    def run(self, current: Round) -> bool:
        """Run the jobs; return False if the round was rolled back and must be begun and run once more."""
        try:
            current.outcomes = self._run_all(current)
        except (_DirtyFailure, ChangeLost) as error:
            cause = error.__cause__ or error
            if current.careful or self._transaction.is_store_failure(cause):
                # A careful round has no more careful one after it.
                self.fail(current, cause)
                return True
            current.careful = True
            self.fail(current, None)
            return current.failure is not None
        except BaseException as error:  # noqa: BLE001 - whatever failed, every caller must hear of it
            self.fail(current, error)
        return True

    def finish(self, current: Round) -> None:
        """Sign what was attested and commit. Once a commit has begun, its failure leaves open what is on disk."""
        if current.failure is not None:
            return
        has_begun = False
        try:
            current.batch = self._sign() if self._uow.leaves else None
            has_begun = True
            self._transaction.commit()
            current.left_out = self._uow.left_out
            if current.batch is not None:
                self._uow.chain.settle()
        except BaseException as error:  # noqa: BLE001 - whatever failed, every caller must hear of it
            self.fail(current, _unknown_after(error) if has_begun else error)

    def fail(self, current: Round, failure: BaseException | None) -> None:
        """Undo the round; what made it fail is what its callers are told."""
        current.failure = failure
        try:
            self._transaction.undo()
        except Exception as error:  # noqa: BLE001 - a round that cannot be undone ends all the same
            # The next begin tries again; nothing of this round can be committed before that has succeeded.
            current.failure = failure or error

    def tell(self, current: Round, observer: Observer) -> None:
        """Tell every caller what became of its job, and remember how the last round ended."""
        self._last_end, self._last_failure = monotonic(), current.failure
        if self._open is current:
            self._open = None
        for name, kind in current.left_out:
            _log.warning("part_left_out", part=name, kind=kind)
            with suppress(Exception):
                self._on_left_out(name, kind)
        current.complete(observer)

    @property
    def has_failed(self) -> bool:
        """Say whether the last round could not commit."""
        return self._last_failure is not None

    def idle_seconds(self) -> float:
        """Return how long ago the last round ended."""
        return monotonic() - self._last_end

    def locked_seconds(self) -> float:
        """Return for how long no round has got the lock that others hold; 0 if the last one that tried got it."""
        since = self._locked_since
        return 0.0 if since is None else monotonic() - since

    def seconds_since_look(self) -> float:
        """Return how long ago a round last saw whether another process has committed."""
        return monotonic() - self._last_look

    def check_last(self) -> None:
        """Refuse if the last round could not commit.

        Raises:
            Unavailable: saying why.
        """
        if self._last_failure is not None:
            raise _refusal(self._last_failure)

    def close(self) -> None:
        """Close the connection."""
        self._transaction.close()

    def _run_all(self, current: Round) -> list[_Ended]:
        signing, uow = self._signing, self._uow
        random = signing.entropy.id_bytes()
        batch_id = BatchId(make_id("bat", now=signing.clock.now(), random=random))
        self._last_look = monotonic()
        if current.careful:
            uow.start_batch(batch_id)
            return [self._run_carefully(item.job) for item in current.waiting]
        # They came at the same time, so any order is theirs: first those that change only what was read ahead.
        told = [item for item in current.waiting if item.needs is not None]
        current.waiting = [*told, *(item for item in current.waiting if item.needs is None)]
        uow.start_batch(batch_id, gathers=True)
        self._read_ahead([item.needs for item in told if item.needs is not None])
        outcomes = [self._run_plainly(item.job) for item in current.waiting]
        uow.database.flush()
        return outcomes

    def _read_ahead(self, needs: Sequence[Needs]) -> None:
        try:
            self._uow.read_ahead(needs)
        except Exception as error:
            # A row that cannot be read belongs to the job that needs it: each reads for itself then.
            if self._transaction.ends_round(error):
                raise
            raise _DirtyFailure from error

    def _run_plainly(self, job: Job[Any]) -> _Ended:
        database, leaves, left_out = self._uow.database, self._uow.leaves, self._uow.left_out
        changes, kept, known = database.changes, len(leaves), len(left_out)
        try:
            return _Ended(job(self._uow))
        except ChangeLost:
            raise
        except Exception as error:
            if self._transaction.ends_round(error):
                raise
            if database.changes != changes or self._transaction.is_spoiled():
                raise _DirtyFailure from error
            del leaves[kept:], left_out[known:]
            return _Ended(error=error)

    def _run_carefully(self, job: Job[Any]) -> _Ended:
        transaction, leaves, left_out = self._transaction, self._uow.leaves, self._uow.left_out
        kept, known = len(leaves), len(left_out)
        transaction.set_savepoint()
        try:
            outcome = _Ended(job(self._uow))
        except Exception as error:
            if transaction.ends_round(error):
                raise
            del leaves[kept:], left_out[known:]
            self._uow.database.known.clear()
            transaction.undo_to_savepoint()
            outcome = _Ended(error=error)
        transaction.release_savepoint()
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
        random = self._signing.entropy.id_bytes()
        return make_id("wri", now=self._signing.clock.now(), random=random)
