"""The repository of the policy's decisions on applications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.identifiers import HolderId
from eztong.domain.policy.simulation import PastDecision

DecisionPlace = tuple[datetime, str]
"""When a decision was made, and its id."""


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """Some decisions in a row; ``after`` is the place behind which the next page begins, None at the end."""

    found: Listed[PastDecision]
    after: DecisionPlace | None


class PolicyDecisionRepository(Protocol):
    """Decisions of the policy, each with what it looked at. None is ever changed."""

    def add(self, decision: PastDecision) -> None:
        """Store a decision."""
        ...

    def of_holder(self, holder_id: HolderId) -> Sequence[PastDecision]:
        """Return the decisions on an application, oldest first."""
        ...

    def approved_since(self, moment: datetime, *, at_most: int) -> int:
        """Return how many decisions made an account from ``moment`` on, counted no further than ``at_most``."""
        ...

    def page(self, *, since: datetime, after: DecisionPlace | None, limit: int) -> DecisionPage:
        """Return the next decisions from ``since`` on, oldest first, from behind ``after``.

        Raises:
            RowDamaged: the places of a whole page of them cannot be read, so that nobody could go on behind it.
        """
        ...

    def count_unrecorded(self) -> int:
        """Return how many applications were decided, and of no decision on them is kept what it looked at."""
        ...

    def erase(self, holder_id: HolderId) -> None:
        """Remove the decisions on an application of which nothing is kept."""
        ...
