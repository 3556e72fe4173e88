"""The clock port: the only source of time."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the service's time."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC, in whole milliseconds: the precision of documents and store."""
        ...
