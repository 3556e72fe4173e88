"""What a round needs of the one writing connection; each store has its own."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.errors import Unavailable


class StoreLocked(Unavailable):
    """Another process held the write lock for longer than a write may wait."""

    advice = "Another program keeps the database locked; nothing was written. Try again after Retry-After."


class OutcomeUnknown(Unavailable):
    """The disk failed while something was being kept: it may be kept or not."""

    code = "outcome_unknown"
    advice = (
        "It is not known whether it was written. "
        "Repeat it with the same idempotency key; where there is none, look at what is there before you repeat it."
    )


class Transaction(Protocol):
    """The transaction of a round, from the write lock to the disk. Used by one thread at a time.

    All but :meth:`commit` and :meth:`close` are called on an event loop, so they wait for no lock and write nothing to
    disk themselves. Unless said otherwise a method raises what the database driver raises; :meth:`is_store_failure`
    and :meth:`ends_round` say whose failure that is.
    """

    def begin(self) -> bool:
        """Take the write lock and begin, without waiting; return False while another process holds the lock.

        What an earlier :meth:`undo` could not undo is undone first.
        """
        ...

    def commit(self) -> None:
        """Return when all that was written is on disk."""
        ...

    def undo(self) -> None:
        """Undo all that was written and give the lock up; do nothing if no transaction is open."""
        ...

    def set_savepoint(self) -> None:
        """Remember this point; there is one at a time."""
        ...

    def undo_to_savepoint(self) -> None:
        """Undo what was written since the savepoint, which stays."""
        ...

    def release_savepoint(self) -> None:
        """Forget the savepoint and keep what was written since."""
        ...

    def is_spoiled(self) -> bool:
        """Say whether a statement that failed spoiled the rest: only going back to before it lets others go on.

        Never raises.
        """
        ...

    def is_store_failure(self, error: BaseException) -> bool:
        """Say whether an error is the store's (locked, full, disk) and not of the statement that met it.

        Never raises.
        """
        ...

    def ends_round(self, error: BaseException) -> bool:
        """Say whether nobody's job can go on: the failure is the store's, or the database undid the transaction.

        Never raises.
        """
        ...

    def close(self) -> None:
        """Close the connection."""
        ...
