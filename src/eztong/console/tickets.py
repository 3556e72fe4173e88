"""What people wrote to the service: the queue by due day, one ticket by its number, and the answer (clause P-6)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.console.bulk.queues import TICKET_ACTS
from eztong.console.bulk.run import bulk_fields
from eztong.console.visit import Visit, cursor
from eztong.domain.errors import EztongError
from eztong.domain.feedback.ticket import Ticket, TicketKind, TicketState, TicketUnknown, grouped, parse_number
from eztong.domain.operators.permission import Permission
from eztong.domain.own_data.sighting import StaffReads
from eztong.usecases.feedback.answer_ticket import AnswerTicket, answer_ticket
from eztong.usecases.feedback.sealed_words import open_words
from eztong.usecases.own_data.note_reading import note_reading

HOME: Final = "/console/tickets"
SHOWN: Final = 50


def show(visit: Visit) -> Response:
    """Show what waits for an answer, what is due first at the top; no words of anybody."""
    return _queue(visit)


def find(visit: Visit) -> Response:
    """Go to the ticket of a number that was typed: whole, never a part of one."""
    try:
        number = parse_number(visit.form.get("number", ""))
        _ticket(visit, number)
    except EztongError as error:
        return _queue(visit, error=error)
    return visit.redirect(f"{HOME}/{number}")


def show_one(visit: Visit) -> Response:
    """Show a ticket with all that was written in it; that it was shown stands in its writer's history before."""
    return _page(visit, _ticket(visit, str(visit.request.path_params["number"])))


def answer(visit: Visit) -> Response:
    """Answer it, and end the matter with that if so chosen."""
    ticket = _ticket(visit, str(visit.request.path_params["number"]))
    closes = visit.form.get("closes") == "yes"
    words = visit.form.get("words", "")
    command = AnswerTicket(number=ticket.number, words=words, closes=closes, seen_at=visit.seen_at())
    try:
        visit.audited(lambda: visit.services.perform(visit.acting, answer_ticket, command), subject=ticket.ticket_id)
    except EztongError as error:
        return _page(visit, ticket, error=error)
    return visit.redirect_done(f"{HOME}/{ticket.number}")


def _ticket(visit: Visit, typed: str) -> Ticket:
    with visit.services.store.read() as stored:
        ticket = stored.tickets.by_number(parse_number(typed))
    if ticket is None:
        raise TicketUnknown
    return ticket


def _queue(visit: Visit, *, error: EztongError | None = None) -> Response:
    about = visit.request.query_params.get("about", "")
    kind = TicketKind(about) if about in {one.value for one in TicketKind} else None
    with visit.services.store.read() as stored:
        waiting = stored.tickets.queue(kind=kind, after=visit.after(), limit=SHOWN + 1)
    rows = [(one, grouped(one.number), one.is_overdue(visit.now)) for one in waiting.those[:SHOWN]]
    last = rows[-1][0] if len(waiting.those) > SHOWN else None
    return visit.form_page(
        "tickets.html",
        because=error,
        rows=rows,
        next_page=cursor(last.due.at, last.ticket_id) if last is not None else "",
        kind=kind,
        kinds=list(TicketKind),
        unreadable=waiting.unreadable,
        number=visit.form.get("number", ""),
        may_answer=visit.may(Permission.TICKETS_ANSWER),
        **bulk_fields(visit, TICKET_ACTS),
    )


def _page(visit: Visit, ticket: Ticket, *, error: EztongError | None = None) -> Response:
    services = visit.services
    wrote = [] if ticket.holder_id is None else [ticket.holder_id]
    services.perform(visit.acting, note_reading, StaffReads.TICKET, wrote, ticket=ticket.number)
    with services.store.read() as stored:
        said = open_words(ticket, stored=stored, keys=services.keys)
        leaving = stored.deregistrations.of_ticket(ticket.ticket_id)
    return visit.form_page(
        "tickets_one.html",
        because=error,
        ticket=ticket,
        number=grouped(ticket.number),
        said=said,
        leaving=leaving,
        may_see_person=visit.may(Permission.ACCOUNTS_READ),
        is_overdue=ticket.is_overdue(visit.now),
        may_answer=ticket.state is not TicketState.CLOSED and visit.may(Permission.TICKETS_ANSWER),
        words=visit.form.get("words", ""),
    )
