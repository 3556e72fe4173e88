"""Deregistrations over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, null, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import flag_of, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, select_where
from eztong.adapters.storage.sql.tables.deregistration.deregistrations import deregistrations
from eztong.domain.deregistration.deregistration import Deregistration, DeregistrationState, UndoneBy
from eztong.domain.identifiers import BatchId, HolderId
from eztong.ports.storage.deregistration.deregistrations import DeregistrationRepository

_S = DeregistrationState
_C = deregistrations.c
_ONE: Final = (_C.holder_id == bindparam("of_holder"), _C.deregistration_id == bindparam("of_id"))
_INSERT = Statement(insert(deregistrations).on_conflict_do_nothing(), keys=deregistrations.columns.keys())
_GET = select_where(deregistrations, "holder_id", "deregistration_id")
_OF_TICKET = select_where(deregistrations, "ticket_id")
_LIST = Statement(select(deregistrations).where(_C.holder_id == bindparam("holder_id")).order_by(_C.deregistration_id))
_RUNNING = Statement(
    select(deregistrations).where(
        _C.holder_id == bindparam("holder_id"), _C.done_at.is_(None), _C.cancelled_at.is_(None)
    )
)
_CANCEL = Statement(
    update(deregistrations)
    .where(*_ONE, _C.state == bindparam("from_state"))
    .values(state=bindparam("to_state"), cancelled_at=bindparam("moment"), undone_by=bindparam("by"))
)
_BEGIN = Statement(
    update(deregistrations).where(*_ONE, _C.state == bindparam("from_state")).values(state=bindparam("to_state"))
)
_FINISH = Statement(
    update(deregistrations)
    .where(*_ONE, _C.state == bindparam("from_state"))
    .values(
        state=bindparam("to_state"),
        done_at=bindparam("moment"),
        is_held=bindparam("now_held"),
        salt=bindparam("with_salt"),
        receipt=bindparam("with_receipt"),
        batch_id=bindparam("in_batch"),
        leaf_index=bindparam("at_leaf"),
        authority_reference=bindparam("with_reference"),
    )
)
_REVOKED = Statement(
    update(deregistrations)
    .where(_C.holder_id == bindparam("of_holder"), _C.state == bindparam("from_state"), _C.revoked_at.is_(None))
    .values(revoked_at=bindparam("moment"), authority_reference=null())
)
_REMOVE_CANCELLED = Statement(
    delete(deregistrations).where(_C.holder_id == bindparam("of_holder"), _C.state == bindparam("from_state"))
)


class SqlDeregistrations(DeregistrationRepository):
    """The table of deregistrations."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, deregistration: Deregistration) -> bool:
        return self._db.run(_INSERT, _row(deregistration)) == 1

    @override
    def running(self, holder_id: HolderId) -> Deregistration | None:
        return self._one(_RUNNING, holder_id=holder_id)

    @override
    def get(self, holder_id: HolderId, deregistration_id: str) -> Deregistration | None:
        return self._one(_GET, holder_id=holder_id, deregistration_id=deregistration_id)

    @override
    def list(self, holder_id: HolderId) -> Sequence[Deregistration]:
        return [_read(row) for row in self._db.all(_LIST, {"holder_id": holder_id})]

    @override
    def of_ticket(self, ticket_id: str) -> Deregistration | None:
        return self._one(_OF_TICKET, ticket_id=ticket_id)

    @override
    def cancel(self, deregistration: Deregistration, by: UndoneBy, *, now: datetime) -> bool:
        params = {"from_state": _S.COOLING.value, "to_state": _S.CANCELLED.value, "moment": to_ms(now), "by": by.value}
        return self._db.run(_CANCEL, _key(deregistration) | params) == 1

    @override
    def begin(self, deregistration: Deregistration) -> bool:
        params = {"from_state": _S.COOLING.value, "to_state": _S.EXECUTING.value}
        return self._db.run(_BEGIN, _key(deregistration) | params) == 1

    @override
    def finish(self, done: Deregistration) -> bool:
        params = {
            "from_state": _S.EXECUTING.value,
            "to_state": _S.DONE.value,
            "moment": to_ms_or_none(done.done_at),
            "now_held": int(done.held),
            "with_salt": done.salt,
            "with_receipt": done.receipt,
            "in_batch": done.batch_id,
            "at_leaf": done.leaf_index,
            "with_reference": done.authority_reference,
        }
        return self._db.run(_FINISH, _key(done) | params) == 1

    @override
    def confirm_revoked(self, holder_id: HolderId, *, now: datetime) -> bool:
        params = {"of_holder": holder_id, "from_state": _S.DONE.value, "moment": to_ms(now)}
        return self._db.run(_REVOKED, params) == 1

    @override
    def remove_cancelled(self, holder_id: HolderId) -> int:
        return self._db.run(_REMOVE_CANCELLED, {"of_holder": holder_id, "from_state": _S.CANCELLED.value})

    def _one(self, statement: Statement, **params: str) -> Deregistration | None:
        row = self._db.one(statement, params)
        return None if row is None else _read(row)


def _key(one: Deregistration) -> dict[str, Any]:
    return {"of_holder": one.holder_id, "of_id": one.deregistration_id}


def _row(one: Deregistration) -> dict[str, Any]:
    return {
        "holder_id": one.holder_id,
        "deregistration_id": one.deregistration_id,
        "ticket_id": one.ticket_id,
        "state": one.state.value,
        "asked_at": to_ms(one.asked_at),
        "cooling_until": to_ms(one.cooling_until),
        "done_at": to_ms_or_none(one.done_at),
        "cancelled_at": to_ms_or_none(one.cancelled_at),
        "undone_by": None if one.undone_by is None else one.undone_by.value,
        "is_held": int(one.held),
        "salt": one.salt,
        "receipt": one.receipt,
        "batch_id": one.batch_id,
        "leaf_index": one.leaf_index,
        "authority_reference": one.authority_reference,
        "revoked_at": to_ms_or_none(one.revoked_at),
    }


@reads(deregistrations)
def _read(row: Row) -> Deregistration:
    return Deregistration(
        holder_id=HolderId(row[0]),
        deregistration_id=row[1],
        ticket_id=row[2],
        state=DeregistrationState(row[3]),
        asked_at=from_ms(row[4]),
        cooling_until=from_ms(row[5]),
        done_at=from_ms_or_none(row[6]),
        cancelled_at=from_ms_or_none(row[7]),
        undone_by=None if row[8] is None else UndoneBy(row[8]),
        held=flag_of(row[9]),
        salt=row[10],
        receipt=row[11],
        batch_id=BatchId(row[12]) if row[12] else None,
        leaf_index=row[13],
        authority_reference=row[14],
        revoked_at=from_ms_or_none(row[15]),
    )
