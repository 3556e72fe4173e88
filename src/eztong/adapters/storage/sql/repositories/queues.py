"""Settings and the sandbox inbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.statements import Database, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.queues import inbox, service_settings
from eztong.ports.storage.repositories import InboxRepository, QueueRepository

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
    """Settings over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def setting(self, name: str) -> str | None:
        row = self._db.one(_SETTING, {"name": name})
        return None if row is None else str(row[1])

    @override
    def set_setting(self, name: str, value: str) -> None:
        if not self._db.run(_UPDATE_SETTING, {"name": name, "set_value": value}):
            self._db.run(_INSERT_SETTING, {"name": name, "value": value})


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
