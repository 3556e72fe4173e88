"""The holder's own phrase, for pages on which something is agreed to or typed (clause 4.2.4)."""

from __future__ import annotations

from eztong.citizen.visit import Visit
from eztong.domain.errors import SessionMissing
from eztong.usecases.own_data.own_phrase import phrase_of


def own_phrase(visit: Visit) -> str:
    """Return the phrase to show, empty for whoever is not signed in or chose none."""
    if visit.cookie is None:
        return ""
    with visit.services.store.read() as stored:
        try:
            holder = visit.signed_in(stored).holder
        except SessionMissing:
            return ""
        return phrase_of(holder, stored=stored, keys=visit.services.keys) if holder.has_account else ""
