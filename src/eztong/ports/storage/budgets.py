"""Repository of budgets: how much was spent on a subject, in slots of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.budget import Spent


class BudgetRepository(Protocol):
    """Counts by subject (a keyed hash), budget and slot."""

    def spend(self, subject: bytes, budget: str, *, slot: datetime) -> None:
        """Count one more in the slot; counts at the same time all arrive."""
        ...

    def spent(self, subject: bytes, budget: str, *, since: datetime) -> Sequence[Spent]:
        """Return what was spent in each slot that begins at ``since`` or later, oldest first."""
        ...
