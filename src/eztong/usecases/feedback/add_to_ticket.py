"""Add to a ticket of one's own: what waits stays due, and what was answered waits again."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.feedback.ticket import MAX_MESSAGES, Author, Ticket, TicketFull, TicketKind, TicketState
from eztong.domain.talks.talk import StageNeeded
from eztong.domain.working_days import ANSWER_WITHIN, WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.feedback.find_ticket import TicketProof, find_ticket
from eztong.usecases.feedback.sealed_words import add_words


@dataclass(frozen=True, slots=True, kw_only=True)
class AddToTicket:
    """The asker writes more."""

    proof: TicketProof
    words: str = field(repr=False)


def add_to_ticket(act: Act, command: AddToTicket, *, calendar: WorkCalendar) -> Ticket:
    """Store the words, and return the ticket as it stands then.

    1. The proof opens the ticket, and it has not ended.
    2. A ticket that waits keeps its day; one that was answered waits again, for a period of its own.

    Raises:
        TicketUnknown, SessionMissing: the proof opens none.
        StageNeeded: it is a matter with the service itself, which goes from stage to stage.
        TicketClosed: it has ended.
        TicketFull: it has as many messages as it may.
    """
    ticket = find_ticket(command.proof, stored=act.uow, keys=act.keys, now=act.now)
    if ticket.kind is TicketKind.TALKS:
        raise StageNeeded
    ticket.check_open()
    if len(act.uow.tickets.messages(ticket.ticket_id)) >= MAX_MESSAGES:
        raise TicketFull
    add_words(act, ticket, command.words, author=Author.ASKER)
    if ticket.state is TicketState.ANSWERED:
        act.uow.tickets.reopen(ticket.ticket_id, calendar.due_after(act.now, ANSWER_WITHIN), asked_at=act.now)
    return act.uow.tickets.get(ticket.ticket_id) or ticket
