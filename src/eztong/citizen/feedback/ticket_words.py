"""A ticket in words, as every page of feedback shows it."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.citizen.visit import Visit
from eztong.domain.feedback.ticket import Ticket, grouped
from eztong.i18n.moments import date_words


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketWords:
    """What stands of a ticket on a page. ``due`` is empty once nothing is due."""

    ticket: Ticket
    number: str
    opened: str
    due: str
    is_overdue: bool


def ticket_words(visit: Visit, ticket: Ticket) -> TicketWords:
    """Return the ticket in the visit's language."""
    return TicketWords(
        ticket=ticket,
        number=grouped(ticket.number),
        opened=date_words(ticket.created_at, words=visit.words),
        due=date_words(ticket.due.at, words=visit.words) if ticket.waits else "",
        is_overdue=ticket.is_overdue(visit.now),
    )
