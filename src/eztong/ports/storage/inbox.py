"""The port of the sandbox's inbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class InboxRepository(Protocol):
    """The sandbox's message inbox; empty in live mode."""

    def add(self, message_id: str, *, phone_index: bytes, sealed: bytes, at: datetime) -> None:
        """Store a delivered message; the same id again changes nothing."""
        ...

    def newest(self, *, limit: int) -> Sequence[tuple[str, bytes, datetime]]:
        """Return message id, sealed text and time, newest first; one that cannot be read is left out."""
        ...

    def clear(self) -> None:
        """Empty the inbox."""
        ...
