"""Registration queue, settings and the sandbox inbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, null, or_, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.queues import inbox, outbox, registration_queue, service_settings
from eztong.domain.identifiers import HolderId
from eztong.ports.storage.records import QueuedRegistration
from eztong.ports.storage.repositories import InboxRepository, QueueRepository

_DUE = (
    registration_queue.c.next_attempt_at <= bindparam("now"),
    or_(registration_queue.c.leased_until.is_(None), registration_queue.c.leased_until <= bindparam("now")),
)
_INSERT_QUEUED = insert_into(registration_queue)
_UPDATE_QUEUED = update_where(
    registration_queue, keys=["holder_id"], columns=["next_attempt_at", "attempts", "leased_until"]
)
_QUEUED = select_where(registration_queue, "holder_id")
_DUE_QUEUED = Statement(
    select(registration_queue)
    .where(*_DUE)
    .order_by(registration_queue.c.next_attempt_at, registration_queue.c.holder_id)
    .limit(bindparam("at_most"))
)
_LEASE_QUEUED = Statement(
    update(registration_queue)
    .where(registration_queue.c.holder_id == bindparam("of_holder"), *_DUE)
    .values(leased_until=bindparam("until"))
)
_POSTPONE_QUEUED = Statement(
    update(registration_queue)
    .where(registration_queue.c.holder_id == bindparam("of_holder"))
    .values(
        next_attempt_at=bindparam("until"),
        attempts=registration_queue.c.attempts + bindparam("one"),
        leased_until=null(),
    )
)
_UNQUEUE = Statement(delete(registration_queue).where(registration_queue.c.holder_id == bindparam("holder_id")))
_COUNT_MESSAGES = Statement(select(func.count()).select_from(outbox).where(outbox.c.delivered_at.is_(None)))
_COUNT_QUEUED = Statement(select(func.count()).select_from(registration_queue))
_SETTING = select_where(service_settings, "name")
_INSERT_SETTING = insert_into(service_settings)
_UPDATE_SETTING = update_where(service_settings, keys=["name"], columns=["value"])
_INSERT_INBOX = insert_into(inbox)
_INBOX_ENTRY = select_where(inbox, "message_id")
_NEWEST_INBOX = Statement(
    select(inbox.c.message_id, inbox.c.sealed, inbox.c.at)
    .order_by(inbox.c.message_id.desc())
    .limit(bindparam("at_most"))
)
_CLEAR_INBOX = Statement(delete(inbox))


class SqlQueues(QueueRepository):
    """Queues over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def queue_registration(self, item: QueuedRegistration) -> None:
        values = {
            "next_attempt_at": to_ms(item.next_attempt_at),
            "attempts": item.attempts,
            "leased_until": to_ms_or_none(item.leased_until),
        }
        changes = {f"set_{name}": value for name, value in values.items()}
        if not self._db.run(_UPDATE_QUEUED, {"holder_id": item.holder_id, **changes}):
            self._db.run(_INSERT_QUEUED, {"holder_id": item.holder_id, **values})

    @override
    def due_registrations(self, *, now: datetime, limit: int) -> Sequence[QueuedRegistration]:
        rows = self._db.all(_DUE_QUEUED, {"now": to_ms(now), "at_most": limit})
        return [_queued(row) for row in rows]

    @override
    def lease_registration(self, holder_id: HolderId, *, now: datetime, until: datetime) -> bool:
        return self._db.run(_LEASE_QUEUED, {"of_holder": holder_id, "now": to_ms(now), "until": to_ms(until)}) == 1

    @override
    def postpone_registration(self, holder_id: HolderId, *, until: datetime) -> bool:
        params = {"of_holder": holder_id, "until": to_ms(until), "one": 1}
        return self._db.run(_POSTPONE_QUEUED, params) == 1

    @override
    def queued_registration(self, holder_id: HolderId) -> QueuedRegistration | None:
        row = self._db.one(_QUEUED, {"holder_id": holder_id})
        return None if row is None else _queued(row)

    @override
    def unqueue_registration(self, holder_id: HolderId) -> None:
        self._db.run(_UNQUEUE, {"holder_id": holder_id})

    @override
    def depths(self) -> dict[str, int]:
        counts = {"outbox": _COUNT_MESSAGES, "registrations": _COUNT_QUEUED}
        rows = {name: self._db.one(statement, {}) for name, statement in counts.items()}
        return {name: 0 if row is None else int(row[0]) for name, row in rows.items()}

    @override
    def setting(self, name: str) -> str | None:
        row = self._db.one(_SETTING, {"name": name})
        return None if row is None else str(row[1])

    @override
    def set_setting(self, name: str, value: str) -> None:
        if not self._db.run(_UPDATE_SETTING, {"name": name, "set_value": value}):
            self._db.run(_INSERT_SETTING, {"name": name, "value": value})


def _queued(row: Row) -> QueuedRegistration:
    return QueuedRegistration(
        holder_id=HolderId(row[0]),
        next_attempt_at=from_ms(row[1]),
        attempts=row[2],
        leased_until=from_ms_or_none(row[3]),
    )


class SqlInbox(InboxRepository):
    """The sandbox inbox over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, message_id: str, *, phone_index: bytes, sealed: bytes, at: datetime) -> None:
        if self._db.one(_INBOX_ENTRY, {"message_id": message_id}) is None:
            values = {"message_id": message_id, "phone_index": phone_index, "sealed": sealed, "at": to_ms(at)}
            self._db.run(_INSERT_INBOX, values)

    @override
    def newest(self, *, limit: int) -> Sequence[tuple[str, bytes, datetime]]:
        return [(row[0], row[1], from_ms(row[2])) for row in self._db.all(_NEWEST_INBOX, {"at_most": limit})]

    @override
    def clear(self) -> None:
        self._db.run(_CLEAR_INBOX, {})
