"""Operators' signed-in browsers over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.operators.sessions import operator_sessions
from eztong.domain.operators.session import OperatorSession
from eztong.ports.storage.operators.sessions import OperatorSessionRepository

_IS_OPEN: Final = operator_sessions.c.ended_at.is_(None)
_OF: Final = operator_sessions.c.session_hash == bindparam("of_session")
_ADD = insert_into(operator_sessions)
_GET = select_where(operator_sessions, "session_hash")
_OF_OPERATOR = Statement(
    select(operator_sessions)
    .where(operator_sessions.c.operator == bindparam("operator"), _IS_OPEN)
    .order_by(operator_sessions.c.created_at.desc())
)
_USE = Statement(update(operator_sessions).where(_OF, _IS_OPEN).values(active_at=bindparam("now_at")))
_PROVE = Statement(update(operator_sessions).where(_OF, _IS_OPEN).values(proven_at=bindparam("now_at")))
_END = Statement(update(operator_sessions).where(_OF, _IS_OPEN).values(ended_at=bindparam("now_at")))
_END_ALL = Statement(
    update(operator_sessions)
    .where(operator_sessions.c.operator == bindparam("of_operator"), _IS_OPEN)
    .values(ended_at=bindparam("now_at"))
)


class SqlOperatorSessions(OperatorSessionRepository):
    """Operators' sessions over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, session: OperatorSession) -> None:
        self._db.run(
            _ADD,
            {
                "session_hash": session.session_hash,
                "session_id": session.session_id,
                "operator": session.operator,
                "created_at": to_ms(session.created_at),
                "active_at": to_ms(session.active_at),
                "ended_at": to_ms_or_none(session.ended_at),
                "proven_at": to_ms_or_none(session.proven_at),
            },
        )

    @override
    def get(self, session_hash: bytes) -> OperatorSession | None:
        row = self._db.one(_GET, {"session_hash": session_hash})
        return None if row is None else _session(row)

    @override
    def of_operator(self, operator: str) -> Sequence[OperatorSession]:
        return [_session(row) for row in self._db.all(_OF_OPERATOR, {"operator": operator})]

    @override
    def note_use(self, session_hash: bytes, *, now: datetime) -> bool:
        return self._db.run(_USE, {"of_session": session_hash, "now_at": to_ms(now)}) == 1

    @override
    def prove(self, session_hash: bytes, *, now: datetime) -> bool:
        return self._db.run(_PROVE, {"of_session": session_hash, "now_at": to_ms(now)}) == 1

    @override
    def end(self, session_hash: bytes, *, now: datetime) -> bool:
        return self._db.run(_END, {"of_session": session_hash, "now_at": to_ms(now)}) == 1

    @override
    def end_all(self, operator: str, *, now: datetime) -> int:
        return self._db.run(_END_ALL, {"of_operator": operator, "now_at": to_ms(now)})


@reads(operator_sessions)
def _session(row: Row) -> OperatorSession:
    return OperatorSession(
        session_hash=row[0],
        session_id=row[1],
        operator=row[2],
        created_at=from_ms(row[3]),
        active_at=from_ms(row[4]),
        ended_at=from_ms_or_none(row[5]),
        proven_at=from_ms_or_none(row[6]),
    )
