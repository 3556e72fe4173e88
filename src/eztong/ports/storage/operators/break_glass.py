"""The repository of emergencies in which one operator did what takes two."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.operators.break_glass import BreakGlass


class BreakGlassRepository(Protocol):
    """Emergencies, which are never removed."""

    def add(self, glass: BreakGlass) -> None:
        """Store it."""
        ...

    def get(self, glass_id: str) -> BreakGlass | None:
        """Return it."""
        ...

    def list(self, *, limit: int) -> Listed[BreakGlass]:
        """Return the newest ones first."""
        ...

    def unreviewed(self, *, limit: int) -> Listed[BreakGlass]:
        """Return those that nobody has reviewed, the newest first."""
        ...

    def end(self, glass_id: str, *, now: datetime) -> bool:
        """End it before its time; return whether this call did."""
        ...

    def review(self, glass: BreakGlass) -> bool:
        """Store who reviewed it and what they said, once; return whether this call did."""
        ...
