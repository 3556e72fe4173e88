"""Read a partner's events: what it is told by now, behind the last one that it knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eztong.domain.deregistration.partner_event import EVENTS_FOR, CursorGone, EventId, PartnerEvent
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import Partner
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.partners.find_partner import find_partner


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in the order of telling. ``next_after`` goes on behind them; ``has_more`` says that more is there now."""

    events: Sequence[PartnerEvent]
    next_after: EventId | None
    has_more: bool


def read_partner_events(
    partner_id: PartnerId, *, after: EventId | None, limit: int, stored: Repositories, now: datetime
) -> EventPage:
    """Return the partner's events behind ``after``, or all that are kept.

    Raises:
        CursorGone: ``after`` is none of the partner's, is not told yet, or is no longer kept.
    """
    known = None if after is None else _known(partner_id, after, stored=stored, now=now)
    found = stored.partner_events.list(partner_id, after=known, since=now - EVENTS_FOR, now=now, limit=limit + 1)
    shown = found[:limit]
    return EventPage(shown, shown[-1].event_id if shown else after, len(found) > limit)


def _known(partner_id: PartnerId, after: EventId, *, stored: Repositories, now: datetime) -> PartnerEvent:
    known = stored.partner_events.get(partner_id, after)
    if known is None or not known.is_told(now=now):
        raise CursorGone
    return known


def partner_news(deregistration_id: str, *, stored: Repositories) -> Sequence[tuple[Partner, PartnerEvent]]:
    """Return whom a deregistration tells, and what each answered, for as long as that is kept."""
    events = stored.partner_events.of_deregistration(deregistration_id)
    return [(find_partner(event.partner_id, stored=stored), event) for event in events]
