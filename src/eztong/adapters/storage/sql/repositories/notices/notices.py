"""What was told to holders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import TOP, Database, Row, Statement, insert_into
from eztong.adapters.storage.sql.tables.notices.notices import holder_notices
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import Notice
from eztong.ports.storage.notices.notices import NoticeRepository

_OF_HOLDER: Final = holder_notices.c.holder_id == bindparam("of_holder")
_IS_UNREAD: Final = holder_notices.c.read_at.is_(None)

_INSERT = insert_into(holder_notices)
_PAGE = Statement(
    select(holder_notices)
    .where(_OF_HOLDER, holder_notices.c.notice_id < bindparam("before"))
    .order_by(holder_notices.c.notice_id.desc())
    .limit(bindparam("at_most"))
)
_UNREAD = Statement(
    select(func.count()).select_from(
        select(holder_notices.c.notice_id).where(_OF_HOLDER, _IS_UNREAD).limit(bindparam("at_most")).subquery()
    )
)
_MARK = Statement(
    update(holder_notices)
    .where(_OF_HOLDER, _IS_UNREAD, holder_notices.c.notice_id <= bindparam("up_to"))
    .values(read_at=bindparam("now"))
)
_ERASE = Statement(delete(holder_notices).where(_OF_HOLDER))


class SqlNotices(NoticeRepository):
    """Notices over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, notice: Notice) -> None:
        self._db.run(
            _INSERT,
            {
                "holder_id": notice.holder_id,
                "notice_id": notice.notice_id,
                "topic": notice.topic,
                "sealed": notice.sealed,
                "at": to_ms(notice.at),
                "read_at": to_ms_or_none(notice.read_at),
            },
        )

    @override
    def page(self, holder_id: HolderId, *, before: str | None, limit: int) -> Sequence[Notice]:
        rows = self._db.all(_PAGE, {"of_holder": holder_id, "before": before or TOP, "at_most": limit})
        return [_notice(row) for row in rows]

    @override
    def unread(self, holder_id: HolderId, *, at_most: int) -> int:
        row = self._db.one(_UNREAD, {"of_holder": holder_id, "at_most": at_most})
        return 0 if row is None else row[0]

    @override
    def mark_read(self, holder_id: HolderId, up_to: str, *, now: datetime) -> int:
        return self._db.run(_MARK, {"of_holder": holder_id, "up_to": up_to, "now": to_ms(now)})

    @override
    def erase(self, holder_id: HolderId) -> int:
        return self._db.run(_ERASE, {"of_holder": holder_id})


@reads(holder_notices)
def _notice(row: Row) -> Notice:
    return Notice(
        holder_id=HolderId(row[0]),
        notice_id=row[1],
        topic=row[2],
        sealed=row[3],
        at=from_ms(row[4]),
        read_at=from_ms_or_none(row[5]),
    )
