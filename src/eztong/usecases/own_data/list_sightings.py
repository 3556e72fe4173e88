"""List who saw a holder's data, newest first, page by page (clauses 3.2, 3.3)."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.own_data.sighting import Occasion, Sighting, items_told, occasions_of
from eztong.ports.storage.codes.verifications import Disclosure
from eztong.ports.storage.holders import HolderEvent
from eztong.ports.storage.repositories import Repositories

_USE = "ver_"
_CHUNK = 100


@dataclass(frozen=True, slots=True)
class SightingPage:
    """Sightings, and where the next page starts; None where there is no more."""

    sightings: tuple[Sighting, ...]
    cursor: str | None


def list_sightings(holder_id: HolderId, *, cursor: str | None, limit: int, stored: Repositories) -> SightingPage:
    """Return the page below ``cursor``; what one event says twice stays on one page."""
    walk = walk_sightings(holder_id, cursor=cursor, stored=stored)
    found = list(islice(walk, limit))
    for one in walk:
        if one.order != found[-1].order:
            return SightingPage(tuple(found), found[-1].order)
        found.append(one)
    return SightingPage(tuple(found), None)


def walk_sightings(holder_id: HolderId, *, cursor: str | None = None, stored: Repositories) -> Iterator[Sighting]:
    """Yield everything that was seen, newest first; what partners were told is read in chunks as it is needed."""
    return heapq.merge(
        _of_events(holder_id, cursor, stored=stored),
        _of_partners(holder_id, cursor, stored=stored),
        key=lambda one: one.order,
        reverse=True,
    )


def _of_events(holder_id: HolderId, cursor: str | None, *, stored: Repositories) -> Iterator[Sighting]:
    for event in stored.holders.events(holder_id):
        for occasion in occasions_of(event.kind, event.actor, event.fact, event.detail):
            seen = _of_event(event, occasion)
            if cursor is None or seen.order < cursor:
                yield seen


def _of_event(event: HolderEvent, occasion: Occasion) -> Sighting:
    partner = event.fact("partner")
    return Sighting(
        event_id=event.event_id,
        at=event.at,
        occasion=occasion,
        partner_id=None if partner is None else PartnerId(partner),
        record_id=event.fact("record"),
        ticket=event.fact("ticket"),
    )


def _of_partners(holder_id: HolderId, cursor: str | None, *, stored: Repositories) -> Iterator[Sighting]:
    before = None if cursor is None else _USE + cursor
    while chunk := stored.verifications.disclosing(holder_id, before=before, limit=_CHUNK):
        yield from map(_of_disclosure, chunk)
        before = chunk[-1].verification.verification_id


def _of_disclosure(found: Disclosure) -> Sighting:
    told = found.verification
    return Sighting(
        event_id=told.verification_id,
        at=told.created_at,
        occasion=Occasion.TOLD,
        items=items_told(told.claims, gave_identity=found.gave_identity),
        partner_id=told.partner_id,
        scene=told.scene,
        record_id=told.verification_id,
    )
