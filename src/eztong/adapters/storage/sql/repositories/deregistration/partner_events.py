"""Partner events over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, tuple_, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads
from eztong.adapters.storage.sql.statements import TOP, Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.deregistration.partner_events import partner_events
from eztong.domain.damage import Listed
from eztong.domain.deregistration.partner_event import (
    ErasureAnswer,
    ErasureReply,
    EventId,
    PartnerEvent,
    PartnerEventKind,
)
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner_code import PartnerCode
from eztong.ports.storage.deregistration.partner_events import PartnerEventRepository

_C = partner_events.c
_INSERT = insert_into(partner_events)
_GET = select_where(partner_events, "partner_id", "event_id")
_LIST = Statement(
    select(partner_events)
    .where(
        _C.partner_id == bindparam("partner_id"),
        tuple_(_C.tell_at, _C.event_id) > tuple_(bindparam("after_at"), bindparam("after_id")),
        _C.tell_at <= bindparam("moment"),
    )
    .order_by(_C.tell_at, _C.event_id)
    .limit(bindparam("at_most"))
)
_OF_DEREGISTRATION = Statement(
    select(partner_events)
    .where(_C.deregistration_id == bindparam("deregistration_id"))
    .order_by(_C.partner_id, _C.event_id)
)
_UNANSWERED = Statement(
    select(*as_bytes(partner_events.columns))
    .where(_C.answer.is_(None), _C.tell_at <= bindparam("moment"))
    .order_by(_C.tell_at, _C.event_id)
)
_ANSWER = Statement(
    update(partner_events)
    .where(_C.partner_id == bindparam("of_partner"), _C.event_id == bindparam("of_event"), _C.answer.is_(None))
    .values(
        answer=bindparam("with_answer"),
        law=bindparam("with_law"),
        kept_until=bindparam("with_until"),
        answered_at=bindparam("moment"),
    )
)


class SqlPartnerEvents(PartnerEventRepository):
    """The table of partner events."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, event: PartnerEvent) -> None:
        row = {
            "partner_id": event.partner_id,
            "event_id": event.event_id,
            "kind": event.kind.value,
            "partner_code": event.partner_code,
            "tell_at": to_ms(event.tell_at),
            "deregistration_id": event.deregistration_id,
            "answered_at": to_ms_or_none(event.answered_at),
        }
        answer = _answer_of(event)
        self._db.run(_INSERT, row | {name: answer[f"with_{short}"] for name, short in _ANSWER_COLUMNS.items()})

    @override
    def get(self, partner_id: PartnerId, event_id: EventId) -> PartnerEvent | None:
        row = self._db.one(_GET, {"partner_id": partner_id, "event_id": event_id})
        return None if row is None else _event(row)

    @override
    def list(
        self, partner_id: PartnerId, *, after: PartnerEvent | None, since: datetime, now: datetime, limit: int
    ) -> Sequence[PartnerEvent]:
        params = {
            "partner_id": partner_id,
            "after_at": to_ms(since) if after is None else to_ms(after.tell_at),
            "after_id": TOP if after is None else after.event_id,
            "moment": to_ms(now),
            "at_most": limit,
        }
        return [_event(row) for row in self._db.all(_LIST, params)]

    @override
    def of_deregistration(self, deregistration_id: str) -> Sequence[PartnerEvent]:
        return [_event(row) for row in self._db.all(_OF_DEREGISTRATION, {"deregistration_id": deregistration_id})]

    @override
    def unanswered(self, *, now: datetime) -> Listed[PartnerEvent]:
        return listed(_event, partner_events, self._db.all(_UNANSWERED, {"moment": to_ms(now)}))

    @override
    def answer(self, event: PartnerEvent) -> bool:
        params = {
            "of_partner": event.partner_id,
            "of_event": event.event_id,
            "moment": to_ms_or_none(event.answered_at),
        }
        return self._db.run(_ANSWER, params | _answer_of(event)) == 1


_ANSWER_COLUMNS = {"answer": "answer", "law": "law", "kept_until": "until"}


def _answer_of(event: PartnerEvent) -> dict[str, Any]:
    given = event.answered
    if given is None:
        return {"with_answer": None, "with_law": None, "with_until": None}
    until = None if given.until is None else given.until.isoformat()
    return {"with_answer": given.answer.value, "with_law": given.law, "with_until": until}


@reads(partner_events)
def _event(row: Row) -> PartnerEvent:
    answered = None
    if row[6]:
        until = date.fromisoformat(row[8]) if row[8] else None
        answered = ErasureReply(answer=ErasureAnswer(row[6]), law=row[7], until=until)
    return PartnerEvent(
        partner_id=PartnerId(row[0]),
        event_id=EventId(row[1]),
        kind=PartnerEventKind(row[2]),
        partner_code=PartnerCode(row[3]),
        tell_at=from_ms(row[4]),
        deregistration_id=row[5],
        answered=answered,
        answered_at=from_ms_or_none(row[9]),
    )
