"""Emergencies of operators over SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.operators.break_glass import break_glasses
from eztong.domain.damage import Listed
from eztong.domain.operators.break_glass import BreakGlass
from eztong.ports.storage.operators.break_glass import BreakGlassRepository

_G: Final = break_glasses.c
_OF: Final = _G.glass_id == bindparam("of_glass")
_WAITS: Final = _G.reviewed_at.is_(None)
_NEWEST: Final = select(*as_bytes(break_glasses.columns)).order_by(_G.glass_id.desc()).limit(bindparam("at_most"))
_ADD = insert_into(break_glasses)
_GET = select_where(break_glasses, "glass_id")
_LIST = Statement(_NEWEST)
_UNREVIEWED = Statement(_NEWEST.where(_WAITS))
_END = Statement(update(break_glasses).where(_OF, _G.ended_at.is_(None)).values(ended_at=bindparam("now_at")))
_REVIEW = Statement(
    update(break_glasses)
    .where(_OF, _WAITS)
    .values(reviewed_by=bindparam("now_by"), reviewed_at=bindparam("now_at"), review=bindparam("now_review"))
)


class SqlBreakGlasses(BreakGlassRepository):
    """Emergencies of operators over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, glass: BreakGlass) -> None:
        self._db.run(
            _ADD,
            {
                "glass_id": glass.glass_id,
                "operator": glass.operator,
                "reason": glass.reason,
                "began_at": to_ms(glass.began_at),
                "until": to_ms(glass.until),
                "ended_at": to_ms_or_none(glass.ended_at),
                "reviewed_by": glass.reviewed_by,
                "reviewed_at": to_ms_or_none(glass.reviewed_at),
                "review": glass.review,
            },
        )

    @override
    def get(self, glass_id: str) -> BreakGlass | None:
        row = self._db.one(_GET, {"glass_id": glass_id})
        return None if row is None else _glass(row)

    @override
    def list(self, *, limit: int) -> Listed[BreakGlass]:
        return listed(_glass, break_glasses, self._db.all(_LIST, {"at_most": limit}))

    @override
    def unreviewed(self, *, limit: int) -> Listed[BreakGlass]:
        return listed(_glass, break_glasses, self._db.all(_UNREVIEWED, {"at_most": limit}))

    @override
    def end(self, glass_id: str, *, now: datetime) -> bool:
        return self._db.run(_END, {"of_glass": glass_id, "now_at": to_ms(now)}) == 1

    @override
    def review(self, glass: BreakGlass) -> bool:
        now = {"now_by": glass.reviewed_by, "now_at": to_ms_or_none(glass.reviewed_at), "now_review": glass.review}
        return self._db.run(_REVIEW, {"of_glass": glass.glass_id, **now}) == 1


@reads(break_glasses)
def _glass(row: Row) -> BreakGlass:
    return BreakGlass(
        glass_id=row[0],
        operator=row[1],
        reason=row[2],
        began_at=from_ms(row[3]),
        until=from_ms(row[4]),
        ended_at=from_ms_or_none(row[5]),
        reviewed_by=row[6],
        reviewed_at=from_ms_or_none(row[7]),
        review=row[8],
    )
