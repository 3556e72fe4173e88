"""Guardianships that wait for a person: who is guardian of whom, with masked names, and the decision (clause P-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, InputInvalid
from eztong.domain.guardianship.guardianship import Guardianship
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.masking import mask_name
from eztong.domain.operators.permission import Permission
from eztong.domain.own_data.sighting import StaffReads
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.guardianship.care import was_left_to_another
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from eztong.usecases.own_data.note_reading import note_reading
from eztong.usecases.own_data.reveal_identity import open_identity

SHOWN: Final = 50
DECISIONS: Final = {"approve": True, "refuse": False}


@dataclass(frozen=True, slots=True)
class QueuedGuardianship:
    """A guardianship as the queue shows it."""

    guardianship: Guardianship
    ward: str
    guardian: str
    is_conflict: bool
    """The ward has another guardian now."""

    is_left_lately: bool


def show(visit: Visit) -> Response:
    """Show what waits; that it was shown stands in the history of everybody concerned before."""
    return _queue(visit)


def decide(visit: Visit) -> Response:
    """Confirm or refuse one, with the reason that the guardian reads.

    Raises:
        InputInvalid: neither.
    """
    holds = DECISIONS.get(visit.form.get("decision", ""))
    guardianship_id = visit.form.get("guardianship", "")
    if holds is None:
        raise InputInvalid("Choose what becomes of the guardianship.")
    command = DecideRelation(guardianship_id=guardianship_id, holds=holds, words=visit.form.get("words", ""))
    try:
        visit.audited(lambda: visit.services.perform(visit.acting, decide_relation, command), subject=guardianship_id)
    except EztongError as error:
        return _queue(visit, error=error)
    return visit.redirect_done("/console/guardianships")


def _queue(visit: Visit, *, error: EztongError | None = None) -> Response:
    services = visit.services
    with services.store.read() as stored:
        waiting = stored.guardianships.waiting(limit=SHOWN)
    both = {holder_id for one in waiting.those for holder_id in (one.ward_id, one.guardian_id)}
    services.perform(visit.acting, note_reading, StaffReads.GUARDIANSHIP, sorted(one for one in both if one))
    with services.store.read() as stored:
        rows = waiting.each(lambda one: _row(one, stored=stored, keys=services.keys, now=visit.now))
    return visit.form_page(
        "guardianships.html",
        because=error,
        rows=rows.those,
        unreadable=rows.unreadable,
        may_decide=visit.may(Permission.GUARDIANSHIPS_DECIDE),
        chosen=visit.form.get("guardianship", ""),
        words=visit.form.get("words", ""),
    )


def _row(one: Guardianship, *, stored: Repositories, keys: Keys, now: datetime) -> QueuedGuardianship:
    return QueuedGuardianship(
        guardianship=one,
        ward=_masked(one.ward_id, stored=stored, keys=keys),
        guardian=_masked(one.guardian_id, stored=stored, keys=keys),
        is_conflict=stored.guardianships.active_of(one.ward_id) is not None,
        is_left_lately=was_left_to_another(one, stored=stored, now=now),
    )


def _masked(holder_id: HolderId | None, *, stored: Repositories, keys: Keys) -> str:
    holder = None if holder_id is None else stored.holders.get(holder_id)
    name = "" if holder is None or holder.is_erased else open_identity(holder, keys=keys).name
    return mask_name(name) if name else "—"
