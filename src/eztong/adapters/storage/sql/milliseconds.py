"""Times as the tables keep them: whole milliseconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=64)
def to_ms(moment: datetime) -> int:
    """Return ``moment`` (aware) in milliseconds."""
    return int(moment.timestamp() * 1000 + 0.0005)


def to_ms_or_none(moment: datetime | None) -> int | None:
    """Return ``moment`` in milliseconds, or None for None."""
    return None if moment is None else to_ms(moment)


def from_ms(milliseconds: int) -> datetime:
    """Return the moment."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def from_ms_or_none(milliseconds: int | None) -> datetime | None:
    """Return the moment, or None for None."""
    return None if milliseconds is None else from_ms(milliseconds)
