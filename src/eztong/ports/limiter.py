"""The limiter port: rates and failure budgets. Budgets belong to partners and desks, never to holders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``amount`` events within ``seconds``, counted per ``name`` and subject."""

    name: str
    amount: int
    seconds: int


class Limiter(Protocol):
    """Counts events. Safe to call from any thread."""

    def hit(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
        """Count one event, of this moment or of ``now``, for callers that have just read the clock.

        Raises:
            TooMany: the limit is used up; ``retry_after`` is set.
        """
        ...

    def check(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
        """Raise :class:`TooMany` if the limit is used up, without counting."""
        ...
