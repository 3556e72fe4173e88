"""Disputes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, select_where
from eztong.adapters.storage.sql.tables.disputes.disputes import disputes
from eztong.domain.disputes.dispute import Dispute
from eztong.domain.identifiers import HolderId
from eztong.ports.storage.disputes.disputes import DisputeRepository

_INSERT = Statement(insert(disputes).on_conflict_do_nothing(), keys=disputes.columns.keys())
_ABOUT = select_where(disputes, "holder_id", "record_id")
_LIST = Statement(
    select(disputes).where(disputes.c.holder_id == bindparam("holder_id")).order_by(disputes.c.record_id.desc())
)


class SqlDisputes(DisputeRepository):
    """Disputes over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, dispute: Dispute) -> bool:
        row = {
            "holder_id": dispute.holder_id,
            "record_id": dispute.record_id,
            "ticket_id": dispute.ticket_id,
            "opened_at": to_ms(dispute.opened_at),
        }
        return self._db.run(_INSERT, row) == 1

    @override
    def about(self, holder_id: HolderId, record_id: str) -> Dispute | None:
        row = self._db.one(_ABOUT, {"holder_id": holder_id, "record_id": record_id})
        return None if row is None else _dispute(row)

    @override
    def list(self, holder_id: HolderId) -> Sequence[Dispute]:
        return [_dispute(row) for row in self._db.all(_LIST, {"holder_id": holder_id})]


@reads(disputes)
def _dispute(row: Row) -> Dispute:
    return Dispute(holder_id=HolderId(row[0]), record_id=row[1], ticket_id=row[2], opened_at=from_ms(row[3]))
