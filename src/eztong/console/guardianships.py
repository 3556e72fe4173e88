"""Guardianships that wait for a person: who would be guardian of whom, masked, why, and the decision (clause P-5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from starlette.responses import Response

from eztong.console.people.account import PEOPLE, age_of
from eztong.console.visit import Visit, cursor
from eztong.domain.errors import EztongError
from eztong.domain.feedback.ticket import Ticket, grouped
from eztong.domain.guardianship.guardianship import Guardianship
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.incomplete import ChoiceMissing
from eztong.domain.operators.permission import Permission
from eztong.domain.own_data.sighting import StaffReads
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.guardianship.ask_guardian import AskGuardian, ask_guardian
from eztong.usecases.guardianship.care import was_left_to_another
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from eztong.usecases.own_data.note_reading import note_reading
from eztong.usecases.own_data.reveal_identity import OwnIdentity, mask_identity, open_identity

SHOWN: Final = 20
DECISIONS: Final = {"approve": True, "refuse": False}
ASKS: Final = "ask"


class WhyHere(StrEnum):
    """Why a guardianship waits for a person."""

    AUTHORITY = "authority"
    """The authority could not say whether the relation holds."""
    CONFLICT = "conflict"
    """The ward has another guardian now."""
    LEFT = "left"
    """The guardian until lately gave it up, or somebody with that one's phone did."""


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """Somebody of a guardianship, masked; nothing is shown of an account that is gone."""

    holder_id: HolderId | None
    person: OwnIdentity
    age: int | None


@dataclass(frozen=True, slots=True)
class QueuedGuardianship:
    """A guardianship as the queue shows it. ``asked`` are questions that the guardian was asked since."""

    guardianship: Guardianship
    ward: SeenPerson
    guardian: SeenPerson
    why: tuple[WhyHere, ...]
    asked: list[tuple[Ticket, str]]


def show(visit: Visit) -> Response:
    """Show what waits; that it was shown stands in the history of everybody concerned before."""
    return _queue(visit)


def decide(visit: Visit) -> Response:
    """Confirm or refuse one with a reason, or ask for something more; the guardian reads the words.

    Raises:
        ChoiceMissing: none of these.
    """
    how, words = visit.form.get("decision", ""), visit.form.get("words", "")
    guardianship_id = visit.form.get("guardianship", "")
    if how not in {*DECISIONS, ASKS}:
        raise ChoiceMissing
    try:
        visit.audited(lambda: _act(visit, how, guardianship_id, words), subject=guardianship_id)
    except EztongError as error:
        return _queue(visit, error=error)
    return visit.redirect_done("/console/guardianships")


def _act(visit: Visit, how: str, guardianship_id: str, words: str) -> object:
    services = visit.services
    if how == ASKS:
        asked = AskGuardian(guardianship_id=guardianship_id, words=words)
        return services.perform(visit.acting, ask_guardian, asked, calendar=services.deployment.calendar)
    command = DecideRelation(guardianship_id=guardianship_id, holds=DECISIONS[how], words=words)
    return services.perform(visit.acting, decide_relation, command)


def _queue(visit: Visit, *, error: EztongError | None = None) -> Response:
    services = visit.services
    with services.store.read() as stored:
        waiting = stored.guardianships.waiting(after=visit.after(), limit=SHOWN + 1)
    shown = type(waiting)(waiting.those[:SHOWN], waiting.damaged)
    both = {holder_id for one in shown.those for holder_id in (one.ward_id, one.guardian_id)}
    services.perform(visit.acting, note_reading, StaffReads.GUARDIANSHIP, sorted(one for one in both if one))
    with services.store.read() as stored:
        rows = shown.each(lambda one: _row(visit, one, stored))
    last = shown.those[-1] if len(waiting.those) > SHOWN else None
    return visit.form_page(
        "guardianships.html",
        because=error,
        rows=rows.those,
        unreadable=rows.unreadable,
        next_page="" if last is None else cursor(last.declared_at or last.asked_at, last.guardianship_id),
        people=PEOPLE,
        may_decide=visit.may(Permission.GUARDIANSHIPS_DECIDE),
        may_see_person=visit.may(Permission.ACCOUNTS_READ),
        chosen=visit.form.get("guardianship", ""),
        words=visit.form.get("words", ""),
    )


def _row(visit: Visit, one: Guardianship, stored: Repositories) -> QueuedGuardianship:
    is_conflict = stored.guardianships.active_of(one.ward_id) is not None
    is_left = was_left_to_another(one, stored=stored, now=visit.now)
    found = {WhyHere.CONFLICT: is_conflict, WhyHere.LEFT: is_left}
    since = one.declared_at or one.asked_at
    asked = [] if one.guardian_id is None else stored.tickets.list(one.guardian_id)
    return QueuedGuardianship(
        guardianship=one,
        ward=_seen(visit, one.ward_id, stored),
        guardian=_seen(visit, one.guardian_id, stored),
        why=tuple(why for why, is_so in found.items() if is_so) or (WhyHere.AUTHORITY,),
        asked=[(ticket, grouped(ticket.number)) for ticket in asked if ticket.created_at >= since],
    )


def _seen(visit: Visit, holder_id: HolderId | None, stored: Repositories) -> SeenPerson:
    holder = None if holder_id is None else stored.holders.get(holder_id)
    if holder is None or holder.is_erased:
        return SeenPerson(None, OwnIdentity(name="", number="", phone=""), None)
    own = mask_identity(open_identity(holder, keys=visit.services.keys))
    return SeenPerson(holder.holder_id, own, age_of(visit, holder))
