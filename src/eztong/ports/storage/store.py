"""The storage port: one unit of work, many repositories, all or nothing.

* A job given to :meth:`Store.write` sees one consistent state and commits **together or not at all**: state, jobs,
  evidence leaves. If it raises, nothing of it stays and the exception reaches the caller unchanged.
* Nothing is answered before it is durable: callers are told after the commit is on disk.
* Jobs that commit together form one batch; every document that they attested is a leaf of one signed tree.
* Single-use things are consumed by one conditional UPDATE that reports whether it won.
* A job may run twice if the store has to retry it; it must not do anything but through its unit of work.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from eztong.domain.codes.presentation_code import Method
from eztong.domain.evidence.proof import SignedBatch
from eztong.domain.identifiers import BatchId, PartnerId
from eztong.ports.storage.partners.partners import RememberedKey
from eztong.ports.storage.repositories import Repositories

T = TypeVar("T")


class Leaf(msgspec.Struct, frozen=True):
    """The place of an attested document in the batch that is being made."""

    batch_id: BatchId
    index: int


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What a job will read, so that a store can read it for all jobs of a round at once.

    It changes nothing of what the job sees; a store may take no notice of it.
    """

    partner_id: PartnerId
    method: Method
    handles: tuple[bytes, ...]
    """Keyed hashes under which the presented code may be found."""

    key_hash: bytes | None = None
    """The idempotency key."""


class UnitOfWork(Repositories, Protocol):
    """The repositories inside one transaction, and the batch's tree."""

    def attest(self, document: bytes) -> Leaf:
        """Make the canonical ``document`` a leaf of this batch. Its proof exists once the batch is committed."""
        ...

    def apart(self, name: str, part: Callable[[], object]) -> bool:
        """Do a part of the job that the rest must not depend on; return whether it was done.

        If it raises, whatever it raises, nothing of it stays and the rest goes on. Once that is durable, ``name`` and
        the kind of failure are counted and logged. One part may stand in another.

        Raises:
            Exception: only what keeps the whole round from being kept, such as a full disk.
        """
        ...


class Committed(msgspec.Struct, Generic[T], frozen=True):
    """What a job returned, durable now. ``batch`` is None if nothing in the whole batch was attested."""

    value: T
    batch: SignedBatch | None


Job = Callable[[UnitOfWork], T]
Done = Callable[[Committed[T] | Exception], None]
"""Is told once what became of a job: what it returned, durable now, or why nothing of it was kept."""


class Store(Protocol):
    """A database with one group-committing writer and any number of readers."""

    def submit(self, job: Job[T], done: Done[T], *, needs: Needs | None = None) -> None:
        """Queue ``job``, which will read what it ``needs``, and tell ``done`` once it is durable or has failed.

        ``done`` is called once, within this call or later, on whichever thread knows first: for calls from an event
        loop that rounds run on that is nearly always the loop's own. It must be brief; what it raises is logged.

        Its failure is the job's own exception, or:
            Unavailable: the store is shutting down, the disk failed, or another program kept the lock for too long;
                nothing was written.
            OutcomeUnknown: the disk failed in the commit itself, so that it may be written or not.
        """
        ...

    def write(self, job: Job[T]) -> Committed[T]:
        """Run ``job`` and wait until it is durable.

        Not for use on an event loop, nor in a job: where its rounds run a store raises at once instead of hanging.
        """
        ...

    def recall_key(self, key_hash: bytes) -> RememberedKey | None:
        """Return an API key that a round read lately, if it is remembered; without a look into the database.

        It may have been revoked since: the unit of work must ask again if its partners have another version.
        """
        ...

    def read(self) -> AbstractContextManager[Repositories]:
        """Open the repositories for reading; each statement sees the newest committed state."""
        ...

    def snapshot(self) -> AbstractContextManager[Repositories]:
        """Open the repositories for reading one state: every statement sees what was committed before the first.

        For what is put together from many statements. Keep it short, and not on an event loop, where others read, too.
        """
        ...

    def check_health(self) -> None:
        """Raise :class:`Unavailable` if the last commit failed; where there was none lately, try one.

        Not for use on an event loop.
        """
        ...

    def close(self) -> None:
        """Finish every accepted job, then stop. Jobs submitted later fail with :class:`Unavailable`."""
        ...


class Submits(Protocol):
    """A store, or the part of one that takes jobs."""

    def submit(self, job: Job[Any], done: Done[Any], *, needs: Needs | None = None) -> None:
        """Queue a job, as :meth:`Store.submit` does."""
        ...


def submitted(to: Submits, job: Job[T], *, needs: Needs | None = None) -> Future[Committed[T]]:
    """Queue ``job`` for a caller that waits on a thread of its own; nobody can cancel the future."""
    future: Future[Committed[T]] = Future()
    future.set_running_or_notify_cancel()

    def done(outcome: Committed[T] | Exception) -> None:
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)

    to.submit(job, done, needs=needs)
    return future
