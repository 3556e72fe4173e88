"""Feedback tickets and their messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, literal_column, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, flag_of, listed, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.feedback import ticket_messages, tickets
from eztong.domain.damage import Listed
from eztong.domain.feedback.ticket import Author, Ticket, TicketKind, TicketMessage, TicketState
from eztong.domain.holder import WrappedKey
from eztong.domain.identifiers import HolderId
from eztong.domain.working_days import DueDay
from eztong.ports.storage.feedback import TicketRepository

# Written out, so that the index on open tickets serves.
_IS_OPEN: Final = tickets.c.state == literal_column("'open'")
_OF_TICKET: Final = tickets.c.ticket_id == bindparam("of_ticket")

_INSERT = Statement(insert(tickets).on_conflict_do_nothing(), keys=tickets.columns.keys())
_GET = select_where(tickets, "ticket_id")
_BY_NUMBER = select_where(tickets, "number")
_BY_SECRET = select_where(tickets, "secret_hash")
_LIST = Statement(
    select(tickets).where(tickets.c.holder_id == bindparam("holder_id")).order_by(tickets.c.ticket_id.desc())
)
_OPEN = select(*as_bytes(tickets.columns)).where(_IS_OPEN).order_by(tickets.c.due_at, tickets.c.ticket_id)
_AFTER: Final = _OPEN.where(
    tuple_(tickets.c.due_at, tickets.c.ticket_id) > tuple_(bindparam("edge_at"), bindparam("edge_id")),
).limit(bindparam("at_most"))
_QUEUE = Statement(_AFTER)
_QUEUE_OF_KIND = Statement(_AFTER.where(tickets.c.kind == bindparam("kind")))
_BEFORE_ALL: Final = (-(2**62), "")
_PROVISIONAL = Statement(_OPEN.where(tickets.c.is_due_provisional == 1))
_PERIOD: Final[Mapping[str, Any]] = {"due_at": bindparam("due"), "is_due_provisional": bindparam("provisional")}
_REOPEN = Statement(
    update(tickets)
    .where(_OF_TICKET, tickets.c.state == bindparam("answered"))
    .values(state=bindparam("open"), asked_at=bindparam("asked"), **_PERIOD)
)
_ANSWER = Statement(
    update(tickets)
    .where(_OF_TICKET, tickets.c.state != bindparam("unless"))
    .values(state=bindparam("to_state"), answered_at=bindparam("now"), closed_at=bindparam("closed"))
)
_CLOSE = Statement(
    update(tickets)
    .where(_OF_TICKET, tickets.c.state != bindparam("unless"))
    .values(state=bindparam("to_state"), closed_at=bindparam("closed"))
)
_REDATE = Statement(
    update(tickets)
    .where(_OF_TICKET, _IS_OPEN, tickets.c.is_due_provisional == 1, tickets.c.asked_at == bindparam("asked"))
    .values(**_PERIOD)
)
_REPLACE_SECRET = Statement(update(tickets).where(_OF_TICKET).values(secret_hash=bindparam("new_hash")))
_INSERT_MESSAGE = insert_into(ticket_messages)
_MESSAGES = Statement(
    select(ticket_messages)
    .where(ticket_messages.c.ticket_id == bindparam("ticket_id"))
    .order_by(ticket_messages.c.message_id)
)


class SqlTickets(TicketRepository):
    """Tickets over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, ticket: Ticket) -> bool:
        return self._db.run(_INSERT, _row(ticket)) == 1

    @override
    def get(self, ticket_id: str) -> Ticket | None:
        return self._one(_GET, "ticket_id", ticket_id)

    @override
    def by_number(self, number: str) -> Ticket | None:
        return self._one(_BY_NUMBER, "number", number)

    @override
    def by_secret(self, secret_hash: bytes) -> Ticket | None:
        return self._one(_BY_SECRET, "secret_hash", secret_hash)

    @override
    def list(self, holder_id: HolderId) -> Sequence[Ticket]:
        return [_ticket(row) for row in self._db.all(_LIST, {"holder_id": holder_id})]

    @override
    def queue(
        self, *, kind: TicketKind | None = None, after: tuple[int, str] | None = None, limit: int
    ) -> Listed[Ticket]:
        edge_at, edge_id = after or _BEFORE_ALL
        params: dict[str, Any] = {"edge_at": edge_at, "edge_id": edge_id, "at_most": limit}
        if kind is None:
            return listed(_ticket, tickets, self._db.all(_QUEUE, params))
        return listed(_ticket, tickets, self._db.all(_QUEUE_OF_KIND, params | {"kind": kind.value}))

    @override
    def provisional(self) -> Listed[Ticket]:
        return listed(_ticket, tickets, self._db.all(_PROVISIONAL, {}))

    @override
    def reopen(self, ticket_id: str, due: DueDay, *, asked_at: datetime) -> bool:
        states = {"answered": TicketState.ANSWERED.value, "open": TicketState.OPEN.value}
        return self._db.run(_REOPEN, {**_period(ticket_id, due, asked_at), **states}) == 1

    @override
    def answer(self, ticket_id: str, state: TicketState, *, now: datetime) -> bool:
        params = {
            "of_ticket": ticket_id,
            "unless": TicketState.CLOSED.value,
            "to_state": state.value,
            "now": to_ms(now),
            "closed": to_ms(now) if state is TicketState.CLOSED else None,
        }
        return self._db.run(_ANSWER, params) == 1

    @override
    def close(self, ticket_id: str, *, now: datetime) -> bool:
        closed = TicketState.CLOSED.value
        params = {"of_ticket": ticket_id, "unless": closed, "to_state": closed, "closed": to_ms(now)}
        return self._db.run(_CLOSE, params) == 1

    @override
    def redate(self, ticket_id: str, due: DueDay, *, asked_at: datetime) -> bool:
        return self._db.run(_REDATE, _period(ticket_id, due, asked_at)) == 1

    @override
    def replace_secret(self, ticket_id: str, secret_hash: bytes) -> None:
        self._db.run(_REPLACE_SECRET, {"of_ticket": ticket_id, "new_hash": secret_hash})

    @override
    def add_message(self, message: TicketMessage) -> None:
        self._db.run(
            _INSERT_MESSAGE,
            {
                "ticket_id": message.ticket_id,
                "message_id": message.message_id,
                "author": message.author.value,
                "at": to_ms(message.at),
                "sealed": message.sealed,
                "operator": message.operator,
            },
        )

    @override
    def messages(self, ticket_id: str) -> Sequence[TicketMessage]:
        return [_message(row) for row in self._db.all(_MESSAGES, {"ticket_id": ticket_id})]

    def _one(self, statement: Statement, name: str, value: str | bytes) -> Ticket | None:
        row = self._db.one(statement, {name: value})
        return None if row is None else _ticket(row)


def _period(ticket_id: str, due: DueDay, asked_at: datetime) -> dict[str, object]:
    return {
        "of_ticket": ticket_id,
        "due": to_ms(due.at),
        "provisional": int(due.is_provisional),
        "asked": to_ms(asked_at),
    }


def _row(ticket: Ticket) -> dict[str, object]:
    return {
        "ticket_id": ticket.ticket_id,
        "number": ticket.number,
        "kind": ticket.kind.value,
        "state": ticket.state.value,
        "holder_id": ticket.holder_id,
        "created_at": to_ms(ticket.created_at),
        "asked_at": to_ms(ticket.asked_at),
        "due_at": to_ms(ticket.due.at),
        "is_due_provisional": int(ticket.due.is_provisional),
        "answered_at": to_ms_or_none(ticket.answered_at),
        "closed_at": to_ms_or_none(ticket.closed_at),
        "secret_hash": ticket.secret_hash,
        "kek_id": None if ticket.data_key is None else ticket.data_key.kek_id,
        "data_key": None if ticket.data_key is None else ticket.data_key.wrapped,
    }


@reads(tickets)
def _ticket(row: Row) -> Ticket:
    return Ticket(
        ticket_id=row[0],
        number=row[1],
        kind=TicketKind(row[2]),
        state=TicketState(row[3]),
        holder_id=HolderId(row[4]) if row[4] else None,
        created_at=from_ms(row[5]),
        asked_at=from_ms(row[6]),
        due=DueDay(from_ms(row[7]), flag_of(row[8])),
        answered_at=from_ms_or_none(row[9]),
        closed_at=from_ms_or_none(row[10]),
        secret_hash=row[11],
        data_key=WrappedKey(kek_id=row[12], wrapped=row[13]) if row[13] else None,
    )


@reads(ticket_messages)
def _message(row: Row) -> TicketMessage:
    return TicketMessage(
        ticket_id=row[0],
        message_id=row[1],
        author=Author(row[2]),
        at=from_ms(row[3]),
        sealed=row[4],
        operator=row[5],
    )
