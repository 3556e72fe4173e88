"""The sandbox's inbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import as_bytes, readable, reads, text_of, whole_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.inbox import inbox
from eztong.ports.storage.inbox import InboxRepository

_INSERT = insert_into(inbox)
_GET = select_where(inbox, "message_id")
_NEWEST = Statement(
    select(*as_bytes([inbox.c.message_id, inbox.c.sealed, inbox.c.at]))
    .order_by(inbox.c.message_id.desc())
    .limit(bindparam("at_most"))
)
_CLEAR = Statement(delete(inbox))


class SqlInbox(InboxRepository):
    """The sandbox inbox over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, message_id: str, *, phone_index: bytes, sealed: bytes, at: datetime) -> None:
        if self._db.one(_GET, {"message_id": message_id}) is None:
            values = {"message_id": message_id, "phone_index": phone_index, "sealed": sealed, "at": to_ms(at)}
            self._db.run(_INSERT, values)

    @override
    def newest(self, *, limit: int) -> Sequence[tuple[str, bytes, datetime]]:
        return readable(_message, self._db.all(_NEWEST, {"at_most": limit}))

    @override
    def clear(self) -> None:
        self._db.run(_CLEAR, {})


@reads(inbox)
def _message(row: Row) -> tuple[str, bytes, datetime]:
    return text_of(row[0]), bytes(row[1]), from_ms(whole_of(row[2]))
