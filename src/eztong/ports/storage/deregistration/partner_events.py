"""The repository of partner events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.deregistration.partner_event import EventId, PartnerEvent
from eztong.domain.identifiers import PartnerId


class PartnerEventRepository(Protocol):
    """What partners are told, each by itself, in the order of telling."""

    def add(self, event: PartnerEvent) -> None:
        """Store an event; it is told once its time has come."""
        ...

    def get(self, partner_id: PartnerId, event_id: EventId) -> PartnerEvent | None:
        """Return an event of the partner, also before its time."""
        ...

    def list(
        self, partner_id: PartnerId, *, after: PartnerEvent | None, since: datetime, now: datetime, limit: int
    ) -> Sequence[PartnerEvent]:
        """Return the partner's events of after ``since`` that are told by ``now``, in the order of telling.

        They begin behind ``after``.
        """
        ...

    def of_deregistration(self, deregistration_id: str) -> Sequence[PartnerEvent]:
        """Return what a deregistration told partners, in the order of their ids."""
        ...

    def unanswered(self, *, now: datetime) -> Listed[PartnerEvent]:
        """Return what was told by ``now`` and not answered, of all partners, the oldest first."""
        ...

    def answer(self, event: PartnerEvent) -> bool:
        """Store the answer of ``event`` if there is none; return whether this call did it."""
        ...
