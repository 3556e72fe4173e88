"""The holder's own phrase, for pages on which something is agreed to or typed (clause 4.2.4)."""

from __future__ import annotations

from eztong.citizen.journey import has_bound_device
from eztong.citizen.visit import Visit
from eztong.domain.errors import SessionMissing
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.own_data.own_phrase import phrase_of


def own_phrase(visit: Visit) -> str:
    """Return the phrase to show, empty for whoever is not signed in or chose none, or where it cannot be read."""
    return "" if visit.cookie is None else visit.beside(lambda stored: _phrase(visit, stored)) or ""


def _phrase(visit: Visit, stored: Repositories) -> str:
    try:
        signed_in = visit.signed_in(stored)
    except SessionMissing:
        return ""
    # A browser that saw the application again, before there was an account, is not its holder's.
    if not (signed_in.holder.has_account and has_bound_device(signed_in, stored=stored)):
        return ""
    return phrase_of(signed_in.holder, stored=stored, keys=visit.services.keys)
