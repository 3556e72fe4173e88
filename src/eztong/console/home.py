"""The console's first page: what waits for whoever is signed in, what is due first, and what is out of order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import PROPOSES, ProposalState
from eztong.domain.partners.application import ApplicantState
from eztong.ports.storage.repositories import Repositories

COUNTED: Final = 50
"""How far a queue is counted; beyond that the page says «more than»."""


OWN_QUEUES: Final = (
    TicketKind.CORRECTION,
    TicketKind.DISPUTE,
    TicketKind.TALKS,
    TicketKind.DEREGISTRATION,
    TicketKind.NUMBER_APPEAL,
    TicketKind.RELATIVE,
)
"""What is written about and worked off by itself; each has a card here while something waits."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits behind one entry of the navigation."""

    path: str
    key: str
    count: int
    overdue: int
    unreadable: int

    @property
    def is_more(self) -> bool:
        """Say whether there is more than was counted."""
        return self.count > COUNTED


def show(visit: Visit) -> Response:
    """Show the queues of whoever is signed in."""
    with visit.services.store.read() as stored:
        queues = [queue for queue in _queues(visit, stored) if queue is not None]
    return visit.form_page("home.html", queues=queues)


def _queues(visit: Visit, stored: Repositories) -> list[Queue | None]:
    return [
        _applications(visit, stored),
        _guardianships(visit, stored),
        _tickets(visit, stored),
        *(_tickets(visit, stored, kind) for kind in OWN_QUEUES),
        _cases(visit, stored),
        _incident_reports(visit, stored),
        _partners(visit, stored),
        _proposals(visit, stored),
    ]


def _applications(visit: Visit, stored: Repositories) -> Queue | None:
    if not visit.may(Permission.APPLICATIONS_READ):
        return None
    waiting = stored.applications.queue(limit=COUNTED + 1)
    overdue = sum(one.due is not None and visit.now > one.due for one in waiting.those)
    return Queue("/console/applications", "applications", len(waiting.those), overdue, waiting.unreadable)


def _guardianships(visit: Visit, stored: Repositories) -> Queue | None:
    if not visit.may(Permission.GUARDIANSHIPS_READ):
        return None
    waiting = stored.guardianships.waiting(limit=COUNTED + 1)
    return Queue("/console/guardianships", "guardianships", len(waiting.those), 0, waiting.unreadable)


def _tickets(visit: Visit, stored: Repositories, kind: TicketKind | None = None) -> Queue | None:
    if not visit.may(Permission.TICKETS_READ):
        return None
    waiting = stored.tickets.queue(kind=kind, limit=COUNTED + 1)
    overdue = sum(one.is_overdue(visit.now) for one in waiting.those)
    if kind is None:
        return Queue("/console/tickets", "tickets", len(waiting.those), overdue, waiting.unreadable)
    if not waiting.those:
        return None
    return Queue(f"/console/tickets?about={kind}", f"tickets_{kind}", len(waiting.those), overdue, 0)


def _cases(visit: Visit, stored: Repositories) -> Queue | None:
    if not visit.may(Permission.CASES_READ):
        return None
    waiting = stored.cases.waiting(limit=COUNTED + 1)
    overdue = sum(one.is_overdue(visit.now) for one in waiting.those)
    return Queue("/console/cases", "cases", len(waiting.those), overdue, waiting.unreadable)


def _incident_reports(visit: Visit, stored: Repositories) -> Queue | None:
    if not visit.may(Permission.INCIDENT_REPORTS_KEEP):
        return None
    waiting = stored.incident_reports.open()
    overdue = sum(one.is_overdue(visit.now) for one in waiting.those)
    return Queue("/console/incidents/reports", "incident_reports", len(waiting.those), overdue, waiting.unreadable)


def _partners(visit: Visit, stored: Repositories) -> Queue | None:
    if not visit.may(Permission.PARTNERS_KEEP):
        return None
    waiting = stored.partner_applications.waiting(limit=COUNTED + 1)
    ready = [one for one in waiting.those if one.state is ApplicantState.APPLIED]
    return Queue("/console/partners", "partners", len(ready), 0, waiting.unreadable)


def _proposals(visit: Visit, stored: Repositories) -> Queue:
    found = stored.proposals.open(limit=COUNTED + 1)
    own = visit.on_duty.operator.name
    mine = [
        one
        for one in found.those
        if one.state_at(visit.now) is ProposalState.OPEN and one.by != own and visit.may(PROPOSES[one.kind])
    ]
    return Queue("/console/proposals", "proposals", len(mine), 0, found.unreadable)
