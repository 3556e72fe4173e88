"""One field that finds exactly: a citizen number, a phone, the number of a ticket or case, or an id.

What is typed stands in no address: it is a form, and what is found of people is shown by its answer alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from eztong.console.people.account import PEOPLE
from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.feedback.ticket import TicketUnknown, parse_number
from eztong.domain.holder import Holder
from eztong.domain.identifiers import ID_PATTERN, PartnerId
from eztong.domain.operators.permission import Permission
from eztong.usecases.own_data.find_people import FindPeople, find_people
from eztong.usecases.own_data.reveal_identity import OwnIdentity, mask_identity, open_identity

PLACES: Final = {
    "cas": ("/console/cases/{}", Permission.CASES_READ),
    "hld": (PEOPLE + "/{}", Permission.ACCOUNTS_READ),
    "inc": ("/console/incidents/{}", Permission.INCIDENTS_READ),
    "pap": ("/console/partners/applications/{}", Permission.PARTNERS_READ),
    "prp": ("/console/proposals/{}", Permission.PROPOSALS_READ),
}
"""Where an id leads, by what it begins with, and who may read that."""


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """An account or application that was found, masked."""

    holder: Holder
    person: OwnIdentity


def show(visit: Visit) -> Response:
    """Show the field and what it takes."""
    return _page(visit)


def find(visit: Visit) -> Response:
    """Lead to what an id or number names, or show who carries a citizen number or phone."""
    typed = visit.form.get("find", "").strip()
    try:
        place = _place_of(visit, typed)
        if place:
            return visit.redirect(place)
        command = FindPeople(typed)
        found = visit.audited(lambda: find_people(command, by=visit.acting, services=visit.services))
    except NotFound as error:
        return _page(visit, error=error, problem=visit.words.text("console.found_nothing"))
    except EztongError as error:
        return _page(visit, error=error)
    if len(found) == 1:
        return visit.redirect(f"{PEOPLE}/{found[0].holder_id}")
    keys = visit.services.keys
    return _page(visit, people=[FoundPerson(one, mask_identity(open_identity(one, keys=keys))) for one in found])


def _place_of(visit: Visit, typed: str) -> str:
    """Return the page of what an id, or a ten-digit number, names; empty for anything else."""
    if ID_PATTERN.fullmatch(typed) and typed[:3] in PLACES:
        place, permission = PLACES[typed[:3]]
        return place.format(typed) if visit.may(permission) else ""
    with visit.services.store.read() as stored:
        try:
            number = parse_number(typed)
        except TicketUnknown:
            partner = stored.partners.get(PartnerId(typed)) if visit.may(Permission.PARTNERS_READ) else None
            return "" if partner is None else f"/console/partners/{partner.partner_id}"
        if stored.tickets.by_number(number) is not None and visit.may(Permission.TICKETS_READ):
            return f"/console/tickets/{number}"
        case = stored.cases.by_number(number)
    if case is not None and visit.may(Permission.CASES_READ):
        return f"/console/cases/{case.case_id}"
    raise NotFound("There is no ticket and no case with this number.")


def _page(
    visit: Visit, *, error: EztongError | None = None, people: list[FoundPerson] | None = None, problem: str = ""
) -> Response:
    said: dict[str, Any] = {"problem": problem} if problem else {}
    return visit.form_page(
        "people/find.html",
        because=error,
        people=people or [],
        places=PEOPLE,
        may_find_people=visit.may(Permission.ACCOUNTS_READ),
        **said,
    )
