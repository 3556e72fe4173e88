"""Corrections of what was checked, over SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into
from eztong.adapters.storage.sql.tables.own_data.corrections import corrections
from eztong.domain.identifiers import HolderId
from eztong.domain.own_data.correction import Correction, CorrectionState, RefusedBecause
from eztong.ports.storage.own_data.corrections import CorrectionRepository

_INSERT = insert_into(corrections)
_LIST = Statement(
    select(corrections)
    .where(corrections.c.holder_id == bindparam("holder_id"))
    .order_by(corrections.c.correction_id.desc())
)
_SETTLE = Statement(
    update(corrections)
    .where(
        corrections.c.holder_id == bindparam("of_holder"),
        corrections.c.correction_id == bindparam("which"),
        corrections.c.state == CorrectionState.PROPOSED.value,
    )
    .values(state=bindparam("to_state"), reason=bindparam("to_reason"))
)


class SqlCorrections(CorrectionRepository):
    """The table of corrections."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, correction: Correction) -> None:
        self._db.run(
            _INSERT,
            {
                "holder_id": correction.holder_id,
                "correction_id": correction.correction_id,
                "state": correction.state.value,
                "reason": None if correction.reason is None else correction.reason.value,
                "sealed_old": correction.sealed_old,
                "sealed_new": correction.sealed_new,
                "asked_at": to_ms(correction.asked_at),
                "ticket_number": correction.ticket_number,
            },
        )

    @override
    def settle(self, correction: Correction) -> bool:
        params = {
            "of_holder": correction.holder_id,
            "which": correction.correction_id,
            "to_state": correction.state.value,
            "to_reason": None if correction.reason is None else correction.reason.value,
        }
        return self._db.run(_SETTLE, params) == 1

    @override
    def list(self, holder_id: HolderId) -> Sequence[Correction]:
        return [_correction(row) for row in self._db.all(_LIST, {"holder_id": holder_id})]


@reads(corrections)
def _correction(row: Row) -> Correction:
    return Correction(
        holder_id=HolderId(row[0]),
        correction_id=row[1],
        state=CorrectionState(row[2]),
        reason=None if row[3] is None else RefusedBecause(row[3]),
        sealed_old=row[4],
        sealed_new=row[5],
        asked_at=from_ms(row[6]),
        ticket_number=row[7],
    )
