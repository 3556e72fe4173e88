"""The storage port: one unit of work, many repositories, all or nothing.

* A job given to :meth:`Store.write` sees one consistent state and commits **together or not at all**: state, jobs,
  evidence leaves. If it raises, nothing of it stays and the exception reaches the caller unchanged.
* Nothing is answered before it is durable: the future completes after the commit is on disk.
* Jobs that commit together form one batch; every document that they attested is a leaf of one signed tree.
* Single-use things are consumed by one conditional UPDATE that reports whether it won.
* A job may run twice if the store has to retry it; it must not do anything but through its unit of work.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Generic, Protocol, TypeVar

import msgspec

from eztong.domain.codes.presentation_code import Method
from eztong.domain.evidence.proof import SignedBatch
from eztong.domain.identifiers import BatchId, PartnerId
from eztong.ports.storage.partners import RememberedKey
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


class Committed(msgspec.Struct, Generic[T], frozen=True):
    """What a job returned, durable now. ``batch`` is None if nothing in the whole batch was attested."""

    value: T
    batch: SignedBatch | None


class Store(Protocol):
    """A database with one group-committing writer and any number of readers."""

    def submit(self, job: Callable[[UnitOfWork], T], *, needs: Needs | None = None) -> Future[Committed[T]]:
        """Queue ``job``, which will read what it ``needs``.

        The future completes when it is durable, or with the job's exception.

        Raises (in the future):
            Unavailable: the store is shutting down, the disk failed, or another program kept the lock for too long;
                nothing was written.
        """
        ...

    def write(self, job: Callable[[UnitOfWork], T]) -> Committed[T]:
        """Run ``job`` and wait until it is durable. Not for use on an event loop."""
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
