"""The holder's own phrase, for pages on which something is agreed to or typed (clause 4.2.4)."""

from __future__ import annotations

from eztong.citizen.visit import Visit
from eztong.domain.errors import SessionMissing
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.own_data.own_phrase import phrase_of


def own_phrase(visit: Visit) -> str:
    """Return the phrase to show, empty for whoever is not signed in or chose none, or where it cannot be read."""
    return "" if visit.cookie is None else visit.beside(lambda stored: _phrase(visit, stored)) or ""


def _phrase(visit: Visit, stored: Repositories) -> str:
    try:
        holder = visit.signed_in(stored).holder
    except SessionMissing:
        return ""
    return phrase_of(holder, stored=stored, keys=visit.services.keys) if holder.has_account else ""
