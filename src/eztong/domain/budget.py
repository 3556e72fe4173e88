"""Budgets that protect a person or a secret: how often something may happen to one subject within a window.

They are counted in the store, in the unit of work that refuses, so that a restart forgives nothing. A window slides
in slots of a twenty-fourth: what was spent counts for at least the window and at most one slot longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from eztong.domain.errors import TooMany

SLOTS: Final = 24
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Budget:
    """At most ``amount`` within ``window`` for each subject. ``name`` never changes its meaning: it is stored."""

    name: str
    amount: int
    window: timedelta

    @property
    def width(self) -> timedelta:
        """How long a slot is."""
        return self.window / SLOTS

    def slot_at(self, now: datetime) -> datetime:
        """Return the beginning of the slot that ``now`` lies in."""
        return now - (now - _EPOCH) % self.width

    def counts_since(self, now: datetime) -> datetime:
        """Return the beginning of the oldest slot that still counts at ``now``."""
        return self.slot_at(now) - self.window


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent in the slot that begins at ``slot``."""

    slot: datetime
    amount: int


def total(spent: Sequence[Spent]) -> int:
    """Return what was spent in all slots together."""
    return sum(one.amount for one in spent)


def check_within(budget: Budget, spent: Sequence[Spent], *, now: datetime) -> None:
    """Refuse what goes beyond the budget; ``spent`` are the slots that count, with what is being spent.

    Raises:
        TooMany: with the seconds until so much has left the window that it would fit.
    """
    excess = total(spent) - budget.amount
    if excess <= 0:
        return
    for one in sorted(spent, key=lambda slot: slot.slot):
        excess -= one.amount
        if excess <= 0:
            free_at = one.slot + budget.window + budget.width
            raise TooMany(retry_after=max(1, int((free_at - now).total_seconds()) + 1))
    raise TooMany(retry_after=int(budget.window.total_seconds()))
