"""The repository of the audit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.identifiers import BatchId
from eztong.domain.operators.audit import AuditCount, AuditEntry, AuditFilter


class AuditRepository(Protocol):
    """Entries of the audit. None is ever changed; retention alone removes them."""

    def add(self, entry: AuditEntry, *, document: bytes, batch_id: BatchId, leaf_index: int) -> None:
        """Store an entry with its document and the document's place."""
        ...

    def get(self, entry_id: str) -> AuditEntry | None:
        """Return the entry."""
        ...

    def older(self, asked: AuditFilter, *, before: str = "", limit: int) -> Listed[AuditEntry]:
        """Return entries that match, newest first: those older than the id ``before``, or the newest."""
        ...

    def newer(self, asked: AuditFilter, *, after: str, limit: int) -> Listed[AuditEntry]:
        """Return the entries that match and came next after the id ``after``, newest first."""
        ...

    def values(self, field: str, beginning: str, *, limit: int) -> Sequence[str]:
        """Return the different values of a field that begin so, in their order, at most ``limit``.

        Args:
            field: One of :data:`~eztong.domain.operators.audit.BEGIN_WITH`.
            beginning: How they begin.
            limit: The most of them; each costs one look into an index, however many entries there are.
        """
        ...

    def counts(self, *, since: datetime) -> Sequence[AuditCount]:
        """Count the entries from ``since`` on by act and step; every one is looked at."""
        ...
