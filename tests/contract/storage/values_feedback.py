"""One value of each kind of feedback: ``full`` with every field filled, otherwise with as few as there can be."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.feedback.ticket import Author, Ticket, TicketKind, TicketMessage, TicketState
from eztong.domain.holder import WrappedKey
from eztong.domain.working_days import DueDay
from tests.contract.storage.stage import at, holder_id, make


def ticket(number: int = 1, *, full: bool = False, of_holder: int | None = None) -> Ticket:
    bare = Ticket(
        ticket_id=make("tkt", number),
        number=f"{number:010d}",
        kind=TicketKind.QUESTION,
        state=TicketState.OPEN,
        holder_id=None if of_holder is None else holder_id(of_holder),
        created_at=at(number),
        asked_at=at(number),
        due=DueDay(at(number + 900), is_provisional=False),
    )
    if not full:
        return bare
    return replace(
        bare,
        kind=TicketKind.DEREGISTRATION,
        state=TicketState.CLOSED,
        due=DueDay(at(number + 900), is_provisional=True),
        answered_at=at(number + 1),
        closed_at=at(number + 2),
        secret_hash=bytes([number]) * 32,
        data_key=WrappedKey(kek_id="kek-1", wrapped=b"\x00wrapped"),
    )


def ticket_message(number: int = 1, *, full: bool = False, of_ticket: int = 1) -> TicketMessage:
    return TicketMessage(
        ticket_id=make("tkt", of_ticket),
        message_id=make("tms", number),
        author=Author.STAFF if full else Author.ASKER,
        at=at(number),
        sealed=b"\x00words",
        operator="li.na" if full else None,
    )
