"""Who saw my data: partners, staff, the authority and the holder, newest first (clauses 3.2, 3.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.citizen.words.record_words import RecordWords
from eztong.domain.feedback.ticket import grouped
from eztong.domain.own_data.sighting import Sighting
from eztong.i18n.moments import moment_words
from eztong.usecases.own_data.list_sightings import list_sightings

PAGE: Final = 20
_CURSOR: Final = re.compile(r"[0-9A-Z]{26}")
_WORDS_OF_CLAIMS: Final = "claim."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A sighting in words. ``who`` is the partner's name; of everybody else the page says what they are."""

    seen: Sighting
    who: str
    scene: str
    items: tuple[str, ...]
    ticket: str
    at: str


def show(visit: Visit) -> Response:
    """List a page of what was seen, and say what the list covers and what it does not.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    after = visit.request.query_params.get("after", "")
    cursor = after if _CURSOR.fullmatch(after) else None
    with visit.services.store.read() as stored:
        holder_id = visit.bound(stored).holder.holder_id
        page = list_sightings(holder_id, cursor=cursor, limit=PAGE, stored=stored)
        words = RecordWords(visit, holder_id, stored=stored)
        rows = [_row(visit, seen, words) for seen in page.sightings]
    return visit.page("own_data/seen.html", tab="me", rows=rows, is_first=cursor is None, more=page.cursor)


def _row(visit: Visit, seen: Sighting, words: RecordWords) -> _Row:
    partner = seen.partner_id
    return _Row(
        seen=seen,
        who="" if partner is None else words.partner(partner),
        scene="" if partner is None or seen.scene is None else words.scene(partner, seen.scene),
        items=tuple(_item(visit, item) for item in seen.items),
        ticket="" if seen.ticket is None else grouped(seen.ticket),
        at=moment_words(seen.at, now=visit.now, words=visit.words),
    )


def _item(visit: Visit, item: str) -> str:
    claim = f"{_WORDS_OF_CLAIMS}{item}"
    return visit.words.text(claim if visit.words.has(claim) else f"seen.item.{item}")
