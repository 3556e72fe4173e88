"""What there is of one account or application: masked data, where it stands, and what waits about it (clause 2.9).

That it was shown stands in its history before; so does, with the purpose, that its data were shown in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.console.people.reveal import propose_on, reveal_form, reveal_on
from eztong.console.visit import Visit
from eztong.domain.cases.case import Case
from eztong.domain.deregistration.deregistration import Deregistration
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.feedback.ticket import Ticket, grouped
from eztong.domain.guardianship.guardianship import Guardianship
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import age_on, service_date
from eztong.domain.operators.permission import Permission
from eztong.domain.own_data.sighting import StaffReads
from eztong.domain.restrictions.mark import Restriction, open_marks
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.own_data.note_reading import note_reading
from eztong.usecases.own_data.reveal_identity import OwnIdentity, mask_identity, open_identity
from eztong.usecases.registration.birthdays import birth_of

DONE: Final = ("frozen", "frozen_before", "restricted", "lifted", "unchanged")
"""What can have come of a call of the hotline, of which this page is the answer."""

PEOPLE: Final = "/console/people"
SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFile:
    """What is kept about an account, for staff. Lists hold the newest :data:`SHOWN`; ``age`` is in whole years."""

    holder: Holder
    person: OwnIdentity
    age: int | None
    marks: list[Restriction]
    tickets: list[tuple[Ticket, str]]
    cases: list[Case]
    guardianships: list[Guardianship]
    leaving: Deregistration | None


def show(visit: Visit) -> Response:
    """Show one account or application, masked."""
    return _page(visit)


def reveal(visit: Visit) -> Response:
    """Show its person's data in full, once, for a purpose that goes on record."""
    return reveal_on(_page, visit, _id(visit))


def propose_shown(visit: Visit) -> Response:
    """Propose to be shown a minor's data in full: another operator decides."""
    return propose_on(_page, visit, _id(visit))


def age_of(visit: Visit, holder: Holder) -> int | None:
    """Return in whole years how old somebody is; None where no number is kept."""
    if holder.sealed_number is None:
        return None
    return age_on(birth_of(holder, keys=visit.services.keys, now=visit.now), service_date(visit.now))


def _page(visit: Visit, *, error: EztongError | None = None, shown: OwnIdentity | None = None) -> Response:
    services = visit.services
    with services.store.read() as stored:
        holder = _found(_id(visit), stored=stored)
    services.perform(visit.acting, note_reading, StaffReads.ACCOUNT, [holder.holder_id])
    with services.store.read() as stored:
        file = _file(visit, holder, stored, shown)
    done = visit.request.query_params.get("done", "")
    return visit.form_page(
        "people/account.html",
        because=error,
        done=done if done in DONE and error is None else "",
        file=file,
        holder=holder,
        **reveal_form(visit, holder, is_shown=shown is not None),
        may_read_application=not holder.has_account and visit.may(Permission.APPLICATIONS_READ),
        may_read_cases=visit.may(Permission.CASES_READ),
    )


def _found(holder_id: HolderId, *, stored: Repositories) -> Holder:
    holder = stored.holders.get(holder_id)
    if holder is None or holder.is_erased:
        raise NotFound("There is no such account or application, or it was erased.")
    return holder


def _file(visit: Visit, holder: Holder, stored: Repositories, shown: OwnIdentity | None) -> AccountFile:
    keys = visit.services.keys
    found = holder.holder_id
    wards, guardians = stored.guardianships.of_guardian(found), stored.guardianships.of_ward(found)
    return AccountFile(
        holder=holder,
        person=mask_identity(open_identity(holder, keys=keys)) if shown is None else shown,
        age=age_of(visit, holder),
        marks=open_marks(stored.restrictions.list(found)),
        tickets=[(one, grouped(one.number)) for one in stored.tickets.list(found)[:SHOWN]],
        cases=list(stored.cases.of_holder(found)[:SHOWN]),
        guardianships=[one for one in (*wards, *guardians) if one.is_open][:SHOWN],
        leaving=stored.deregistrations.running(found),
    )


def _id(visit: Visit) -> HolderId:
    return HolderId(str(visit.request.path_params["holder_id"]))
