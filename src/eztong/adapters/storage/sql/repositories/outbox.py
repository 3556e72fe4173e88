"""The outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, null, or_, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into
from eztong.adapters.storage.sql.tables.queues import outbox
from eztong.domain.notices import OutboxEntry
from eztong.ports.storage.outbox import OutboxRepository

_DUE = (
    outbox.c.delivered_at.is_(None),
    outbox.c.next_attempt_at <= bindparam("now"),
    or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= bindparam("now")),
)
_LEASED = (
    outbox.c.message_id == bindparam("of_message"),
    outbox.c.delivered_at.is_(None),
    outbox.c.leased_until == bindparam("lease"),
)
_INSERT = insert_into(outbox)
_DUE_MESSAGES = Statement(
    select(outbox)
    .where(*_DUE)
    .order_by(outbox.c.priority, outbox.c.next_attempt_at, outbox.c.message_id)
    .limit(bindparam("at_most"))
)
_MORE_URGENT = Statement(
    select(outbox.c.message_id).where(*_DUE, outbox.c.priority < bindparam("before")).limit(bindparam("at_most"))
)
_LEASE = Statement(
    update(outbox).where(outbox.c.message_id == bindparam("of_message"), *_DUE).values(leased_until=bindparam("until"))
)
_DELIVERED = Statement(
    update(outbox)
    .where(*_LEASED)
    .values(delivered_at=bindparam("moment"), sealed=bindparam("nothing"), leased_until=null())
)
_POSTPONE = Statement(
    update(outbox)
    .where(*_LEASED)
    .values(
        next_attempt_at=bindparam("until"),
        attempts=outbox.c.attempts + bindparam("one"),
        leased_until=null(),
    )
)
_GIVE_BACK = Statement(update(outbox).where(*_LEASED).values(leased_until=null()))
_DROP = Statement(delete(outbox).where(*_LEASED))


class SqlOutbox(OutboxRepository):
    """The outbox over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, entry: OutboxEntry) -> None:
        self._db.run(
            _INSERT,
            {
                "message_id": entry.message_id,
                "topic": entry.topic,
                "sealed": entry.sealed,
                "priority": int(entry.priority),
                "created_at": to_ms(entry.created_at),
                "next_attempt_at": to_ms(entry.next_attempt_at),
                "attempts": entry.attempts,
                "expires_at": to_ms_or_none(entry.expires_at),
                "leased_until": to_ms_or_none(entry.leased_until),
                "delivered_at": to_ms_or_none(entry.delivered_at),
            },
        )

    @override
    def due(self, *, now: datetime, limit: int) -> Sequence[OutboxEntry]:
        return [_entry(row) for row in self._db.all(_DUE_MESSAGES, {"now": to_ms(now), "at_most": limit})]

    @override
    def has_due(self, *, before: int, now: datetime) -> bool:
        return self._db.one(_MORE_URGENT, {"now": to_ms(now), "before": before, "at_most": 1}) is not None

    @override
    def lease(self, message_id: str, *, now: datetime, until: datetime) -> bool:
        return self._db.run(_LEASE, {"of_message": message_id, "now": to_ms(now), "until": to_ms(until)}) == 1

    @override
    def mark_delivered(self, message_id: str, *, lease: datetime, now: datetime) -> bool:
        return self._settle(_DELIVERED, message_id, lease, moment=to_ms(now), nothing=b"")

    @override
    def postpone(self, message_id: str, *, lease: datetime, until: datetime) -> bool:
        return self._settle(_POSTPONE, message_id, lease, until=to_ms(until), one=1)

    @override
    def give_back(self, message_id: str, *, lease: datetime) -> bool:
        return self._settle(_GIVE_BACK, message_id, lease)

    @override
    def drop(self, message_id: str, *, lease: datetime) -> bool:
        return self._settle(_DROP, message_id, lease)

    def _settle(self, statement: Statement, message_id: str, lease: datetime, **values: int | bytes) -> bool:
        return self._db.run(statement, {"of_message": message_id, "lease": to_ms(lease), **values}) == 1


def _entry(row: Row) -> OutboxEntry:
    return OutboxEntry(
        message_id=row[0],
        topic=row[1],
        sealed=row[2],
        priority=row[3],
        created_at=from_ms(row[4]),
        next_attempt_at=from_ms(row[5]),
        attempts=row[6],
        expires_at=from_ms_or_none(row[7]),
        leased_until=from_ms_or_none(row[8]),
        delivered_at=from_ms_or_none(row[9]),
    )
