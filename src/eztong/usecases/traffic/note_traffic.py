"""Add what happened since the last time to the counts of this slot."""

from __future__ import annotations

from collections.abc import Mapping

from eztong.domain.traffic.counts import slot_of
from eztong.ports.act import Act


def note_traffic(act: Act, counts: Mapping[str, int]) -> None:
    """Add counts; they are of the whole service, and every process adds its own."""
    act.uow.traffic.add(slot_of(act.now), counts)
