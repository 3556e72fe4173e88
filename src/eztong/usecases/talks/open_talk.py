"""Open talks with the service: a ticket of its own kind, with an account or without (clause 5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from eztong.domain.errors import NotFound
from eztong.domain.feedback.ticket import FormSent, Ticket, TicketKind
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import Topic
from eztong.domain.talks.talk import FormerRuns, FormerUnknown, Move, Side, Talk, TalkStage
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.notices.warn_holder import tell_account
from eztong.usecases.records.list_records import find_record
from eztong.usecases.talks.move_talk import Taken, note_step


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTalk:
    """Somebody wants to talk a disagreement over. ``former`` is the number of earlier talks that these follow."""

    ticket: OpenTicket
    records: Sequence[str] = ()
    former: str | None = field(default=None)


def open_talk(act: Act, command: OpenTalk, *, calendar: WorkCalendar) -> Ticket:
    """Open the ticket and the talks that it holds; the same form brings the same ones again.

    1. The ticket is opened as every other, with number, secret and day of answer.
    2. Records are the account's own, and so are earlier talks, which have ended. Whoever has no account names no
       records, and of earlier talks the number alone, which nobody looks up.
    3. The holder is told that talks were opened.

    Raises:
        FormSent, TicketsWaiting, TooMany: as :func:`open_ticket` says.
        NotFound: a record is none of this account.
        FormerUnknown, FormerRuns: the earlier talks are none of this account, or have not ended.
    """
    ticket = open_ticket(act, replace(command.ticket, kind=TicketKind.TALKS), calendar=calendar)
    known = act.uow.talks.get(ticket.ticket_id)
    if known is not None:
        if (known.records, known.former) != (tuple(command.records), command.former):
            raise FormSent
        return ticket
    _check_records(act, ticket.holder_id, command.records)
    if command.former is not None and ticket.holder_id is not None:
        _check_former(act, ticket.holder_id, command.former)
    talk = Talk(
        ticket_id=ticket.ticket_id,
        stage=TalkStage.OPEN,
        opened_at=act.now,
        former=command.former,
        records=tuple(command.records),
    )
    act.uow.talks.add(talk)
    (first, *_) = act.uow.tickets.messages(ticket.ticket_id)
    note_step(act, talk, Taken(move=Move.OPENED, side=Side.ASKER, message_id=first.message_id))
    tell_account(act, ticket.holder_id, Topic.TALK_OPENED, {"number": ticket.number})
    return ticket


def _check_records(act: Act, holder_id: HolderId | None, records: Sequence[str]) -> None:
    if holder_id is None and records:
        raise NotFound
    for record_id in records:
        find_record(holder_id or HolderId(""), record_id, stored=act.uow)


def _check_former(act: Act, holder_id: HolderId, number: str) -> None:
    ticket = act.uow.tickets.by_number(number)
    talk = None if ticket is None or ticket.holder_id != holder_id else act.uow.talks.get(ticket.ticket_id)
    if talk is None:
        raise FormerUnknown
    if not talk.has_ended:
        raise FormerRuns
