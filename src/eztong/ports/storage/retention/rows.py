"""The retention port: rows, and values in rows, that end by age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.retention.kept import Outlived, Transient

RowKey = tuple[str | bytes | int, ...]


class RetentionRepository(Protocol):
    """Finds and removes, or empties, what is older than it may become."""

    def outdated(self, kind: Transient, *, before: datetime, limit: int) -> Sequence[RowKey]:
        """Return keys of rows whose moment lies before ``before``; meant for a reader, which holds nobody up.

        A row whose key cannot be read is left where it is.
        """
        ...

    def remove(self, kind: Transient, key: RowKey, *, before: datetime) -> bool:
        """Remove the row, and what belongs to it alone, if it is still outdated; return whether it was."""
        ...

    def outlived(self, kind: Outlived, *, before: datetime, limit: int) -> Sequence[RowKey]:
        """Return keys of rows with values whose moment lies before ``before``, as :meth:`outdated` does."""
        ...

    def empty(self, kind: Outlived, key: RowKey, *, before: datetime) -> bool:
        """Empty the values if they are of before ``before`` still, and nothing else; return whether they were."""
        ...
