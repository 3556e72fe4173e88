"""The repository of what was told to holders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.identifiers import HolderId
from eztong.domain.notices import Notice


class NoticeRepository(Protocol):
    """Notices by account."""

    def add(self, notice: Notice) -> None:
        """Store a notice."""
        ...

    def page(self, holder_id: HolderId, *, before: str | None, limit: int) -> Sequence[Notice]:
        """Return the account's notices whose ids sort before ``before``, newest first."""
        ...

    def unread(self, holder_id: HolderId, *, at_most: int) -> int:
        """Return how many notices were not read, counting to ``at_most``."""
        ...

    def mark_read(self, holder_id: HolderId, up_to: str, *, now: datetime) -> int:
        """Mark the unread notices whose ids do not sort after ``up_to``; return how many this call marked."""
        ...

    def erase(self, holder_id: HolderId) -> int:
        """Remove what was told to an account; return how many notices."""
        ...
