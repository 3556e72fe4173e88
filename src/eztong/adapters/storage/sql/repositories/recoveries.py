"""Recoveries that wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.recoveries import recoveries
from eztong.domain.identifiers import HolderId
from eztong.domain.recovery import Recovery, RecoveryState, StoppedBy
from eztong.ports.storage.recoveries import RecoveryRepository

_INSERT = insert_into(recoveries)
_LIST = Statement(
    select(recoveries)
    .where(recoveries.c.holder_id == bindparam("holder_id"))
    .order_by(recoveries.c.recovery_id.desc())
    .limit(bindparam("at_most"))
)
_OF_SESSION = Statement(
    select(recoveries)
    .where(recoveries.c.session_hash == bindparam("session_hash"))
    .order_by(recoveries.c.recovery_id.desc())
    .limit(bindparam("at_most"))
)
_BY_STOP_HASH = select_where(recoveries, "stop_hash")
_END = update_where(recoveries, keys=["holder_id", "recovery_id", "state"], columns=["state", "ended_at", "ended_by"])
_END_UNREAD = Statement(
    update(recoveries)
    .where(
        recoveries.c.holder_id == bindparam("of_holder"),
        *(recoveries.c.state != state.value for state in RecoveryState if state is not RecoveryState.WAITING),
    )
    .values(state=bindparam("to"), ended_at=bindparam("moment"), ended_by=bindparam("by_whom"))
)
_ALL = 1 << 31


class SqlRecoveries(RecoveryRepository):
    """Recoveries over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, recovery: Recovery) -> None:
        self._db.run(
            _INSERT,
            {
                "holder_id": recovery.holder_id,
                "recovery_id": recovery.recovery_id,
                "state": recovery.state.value,
                "session_hash": recovery.session_hash,
                "stop_hash": recovery.stop_hash,
                "device_label": recovery.device_label,
                "started_at": to_ms(recovery.started_at),
                "due_at": to_ms(recovery.due_at),
                "ended_at": to_ms_or_none(recovery.ended_at),
                "ended_by": None if recovery.ended_by is None else recovery.ended_by.value,
            },
        )

    @override
    def newest(self, holder_id: HolderId) -> Recovery | None:
        row = self._db.one(_LIST, {"holder_id": holder_id, "at_most": 1})
        return None if row is None else _recovery(row)

    @override
    def of_session(self, session_hash: bytes) -> Recovery | None:
        row = self._db.one(_OF_SESSION, {"session_hash": session_hash, "at_most": 1})
        return None if row is None else _recovery(row)

    @override
    def by_stop_hash(self, stop_hash: bytes) -> Recovery | None:
        row = self._db.one(_BY_STOP_HASH, {"stop_hash": stop_hash})
        return None if row is None else _recovery(row)

    @override
    def list(self, holder_id: HolderId) -> Sequence[Recovery]:
        return [_recovery(row) for row in self._db.all(_LIST, {"holder_id": holder_id, "at_most": _ALL})]

    @override
    def end(self, recovery: Recovery, state: RecoveryState, *, by: StoppedBy | None, now: datetime) -> bool:
        found = {
            "holder_id": recovery.holder_id,
            "recovery_id": recovery.recovery_id,
            "state": RecoveryState.WAITING.value,
        }
        changes = {
            "set_state": state.value,
            "set_ended_at": to_ms(now),
            "set_ended_by": None if by is None else by.value,
        }
        return self._db.run(_END, {**found, **changes}) == 1

    @override
    def end_unread(self, holder_id: HolderId, *, by: StoppedBy, now: datetime) -> bool:
        ended = {"to": RecoveryState.STOPPED.value, "moment": to_ms(now), "by_whom": by.value}
        return self._db.run(_END_UNREAD, {"of_holder": holder_id, **ended}) > 0


@reads(recoveries)
def _recovery(row: Row) -> Recovery:
    return Recovery(
        holder_id=HolderId(row[0]),
        recovery_id=row[1],
        state=RecoveryState(row[2]),
        session_hash=row[3],
        stop_hash=row[4],
        device_label=row[5],
        started_at=from_ms(row[6]),
        due_at=from_ms(row[7]),
        ended_at=from_ms_or_none(row[8]),
        ended_by=None if row[9] is None else StoppedBy(row[9]),
    )
