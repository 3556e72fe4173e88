"""The repository of the counts that charts are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.traffic.counts import Count


class TrafficRepository(Protocol):
    """How much of what there was in each slot of time. Counts of the whole service; nobody stands in them."""

    def add(self, slot: datetime, counts: Mapping[str, int]) -> None:
        """Add to the counts of a slot, whoever else adds to them."""
        ...

    def since(self, moment: datetime) -> Sequence[Count]:
        """Return the counts of every slot from ``moment`` on, oldest first; what cannot be read is left out."""
        ...
