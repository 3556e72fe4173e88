"""Integrators' session keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import flag_of, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.eid.input_sessions import input_sessions
from eztong.domain.eid.input_session import InputSession
from eztong.domain.identifiers import PartnerId
from eztong.ports.storage.eid.input_sessions import InputSessionRepository

_INSERT = insert_into(input_sessions)
_BY_MAC = select_where(input_sessions, "session_mac")
_FAILURES = Statement(
    select(func.count())
    .select_from(input_sessions)
    .where(
        input_sessions.c.partner_id == bindparam("partner_id"),
        input_sessions.c.failed == 1,
        input_sessions.c.used_at > bindparam("since"),
    )
)


@reads(input_sessions)
def _session(row: Row) -> InputSession:
    return InputSession(
        session_mac=row[0], partner_id=PartnerId(row[1]), iv_mac=row[2], failed=flag_of(row[3]), used_at=from_ms(row[4])
    )


class SqlInputSessions(InputSessionRepository):
    """Session keys over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def claim(self, session: InputSession) -> InputSession:
        row = self._db.one(_BY_MAC, {"session_mac": session.session_mac})
        if row is not None:
            return _session(row)
        self._db.run(
            _INSERT,
            {
                "session_mac": session.session_mac,
                "partner_id": session.partner_id,
                "iv_mac": session.iv_mac,
                "failed": int(session.failed),
                "used_at": to_ms(session.used_at),
            },
        )
        return session

    @override
    def failures_since(self, partner_id: PartnerId, since: datetime) -> int:
        row = self._db.one(_FAILURES, {"partner_id": partner_id, "since": to_ms(since)})
        return 0 if row is None else row[0]
