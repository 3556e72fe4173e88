"""Answer a ticket, as the operator's staff; the holder is told that an answer is there (P-6, 5.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from eztong.domain.errors import NotFound
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import Author, Ticket, TicketClosed, TicketKind, TicketState
from eztong.domain.notices import Topic
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.seen import check_seen
from eztong.domain.talks.talk import StageNeeded
from eztong.ports.act import Act
from eztong.usecases.apart import TELLING
from eztong.usecases.feedback.sealed_words import add_words
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.operators.check_operator import check_about_another, check_operator


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTicket:
    """The operator who acts answers the ticket of ``number``, as it was seen, and ends it if it ``closes``."""

    number: str
    words: str = field(repr=False)
    closes: bool = False
    seen_at: datetime | None = None


def answer_ticket(act: Act, command: AnswerTicket) -> Ticket:
    """Store the answer, tell the account's holder that it is there, and return the ticket.

    1. The ticket is there, has not ended, and nothing was written in it since it was seen.
    2. The answer is sealed like what was asked.
    3. The holder is told by message, without a word of the answer; the account's history names the operator.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not answer tickets.
        AboutOneself: the operator's own account asked.
        NotFound: no ticket of this number.
        StageNeeded: it is a matter with the service itself, which goes from stage to stage.
        TicketClosed: it has ended.
        ChangedSinceSeen: something was written in it meanwhile.
        HolderErased: the account that asked was erased; nobody could read the answer.
    """
    operator = check_operator(act, Permission.TICKETS_ANSWER, command.number)
    ticket = act.uow.tickets.by_number(command.number)
    if ticket is None:
        raise NotFound("There is no ticket with this number.")
    check_about_another(operator, ticket.holder_id, stored=act.uow)
    if ticket.kind is TicketKind.TALKS:
        raise StageNeeded
    ticket.check_open()
    check_seen((one.at for one in act.uow.tickets.messages(ticket.ticket_id)), seen_at=command.seen_at)
    add_words(act, ticket, command.words, author=Author.STAFF, operator=operator.name)
    state = TicketState.CLOSED if command.closes else TicketState.ANSWERED
    if not act.uow.tickets.answer(ticket.ticket_id, state, now=act.now):
        raise TicketClosed
    act.uow.apart(TELLING, lambda: _tell(act, ticket))
    return act.uow.tickets.get(ticket.ticket_id) or ticket


def _tell(act: Act, ticket: Ticket) -> None:
    holder = None if ticket.holder_id is None else act.uow.holders.get(ticket.holder_id)
    if holder is None:
        return
    note_event(act, holder.holder_id, EventKind.TICKET_ANSWERED, detail=f"ticket={ticket.number}")
    tell_holder(act, holder, Topic.TICKET_ANSWERED, {"number": ticket.number})
