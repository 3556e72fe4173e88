"""Ask the service for help about a record: a ticket with a number and a day of answer (clause 2.15)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.disputes.dispute import Dispute
from eztong.domain.errors import NotFound
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import MAX_OPEN, Author, Ticket, TicketKind, TicketsWaiting
from eztong.domain.identifiers import HolderId
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.feedback.open_ticket import add_ticket
from eztong.usecases.feedback.sealed_words import add_words
from eztong.usecases.note_event import note_event
from eztong.usecases.records.list_records import find_record


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDispute:
    """The session's holder asks for help about a record. ``words`` are the holder's own, perhaps none."""

    session_hash: bytes
    record_id: str
    words: str = field(repr=False)


def open_dispute(act: Act, command: OpenDispute, *, calendar: WorkCalendar) -> Ticket:
    """Open the ticket of a record, or return the one that is there; more is added to it where it is answered.

    1. The session is live on the account's bound device, and the record its own.
    2. A record has one dispute: asked again, its ticket is returned as it is.
    3. An account has as many open ones as it may have tickets of other kinds.
    4. The ticket says first which record it is about, then what the holder wrote, sealed with the account's key.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this session may not.
        NotFound: no such record.
        TicketsWaiting: the account has as many open disputes as it may.
    """
    holder = find_bound(command.session_hash, stored=act.uow, now=act.now).holder
    record = find_record(holder.holder_id, command.record_id, stored=act.uow)
    known = act.uow.disputes.about(holder.holder_id, record.record_id)
    if known is not None:
        return _ticket_of(act, known)
    if _waiting(act, holder.holder_id) >= MAX_OPEN:
        raise TicketsWaiting
    ticket = add_ticket(act, TicketKind.DISPUTE, holder.holder_id, calendar=calendar)
    act.uow.disputes.add(
        Dispute(holder_id=holder.holder_id, record_id=record.record_id, ticket_id=ticket.ticket_id, opened_at=act.now)
    )
    said = "\n".join(filter(None, (f"{record.record_id} · {record.partner_id}", command.words)))
    add_words(act, ticket, said, author=Author.ASKER)
    detail = f"ticket={ticket.number} kind={ticket.kind} record={record.record_id}"
    note_event(act, holder.holder_id, EventKind.TICKET_OPENED, detail=detail)
    return ticket


def _ticket_of(act: Act, dispute: Dispute) -> Ticket:
    ticket = act.uow.tickets.get(dispute.ticket_id)
    if ticket is None:
        raise NotFound
    return ticket


def _waiting(act: Act, holder_id: HolderId) -> int:
    return sum(ticket.waits and ticket.kind is TicketKind.DISPUTE for ticket in act.uow.tickets.list(holder_id))
