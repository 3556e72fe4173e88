"""Holders' reports."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import flag_of, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.reports import reports
from eztong.domain.feedback.report import Report
from eztong.domain.identifiers import HolderId
from eztong.ports.storage.reports import ReportRepository

_INSERT = insert_into(reports)
_ABOUT = select_where(reports, "holder_id", "record_id")
_LIST = Statement(
    select(reports).where(reports.c.holder_id == bindparam("holder_id")).order_by(reports.c.report_id.desc())
)


@reads(reports)
def _report(row: Row) -> Report:
    return Report(
        holder_id=HolderId(row[0]),
        report_id=row[1],
        record_id=row[2],
        ticket_id=row[3],
        froze=flag_of(row[4]),
        created_at=from_ms(row[5]),
        sealed_note=row[6],
    )


class SqlReports(ReportRepository):
    """Reports over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, report: Report) -> None:
        self._db.run(
            _INSERT,
            {
                "holder_id": report.holder_id,
                "report_id": report.report_id,
                "record_id": report.record_id,
                "ticket_id": report.ticket_id,
                "froze": int(report.froze),
                "created_at": to_ms(report.created_at),
                "sealed_note": report.sealed_note,
            },
        )

    @override
    def about(self, holder_id: HolderId, record_id: str) -> Report | None:
        row = self._db.one(_ABOUT, {"holder_id": holder_id, "record_id": record_id})
        return None if row is None else _report(row)

    @override
    def list(self, holder_id: HolderId) -> Sequence[Report]:
        return [_report(row) for row in self._db.all(_LIST, {"holder_id": holder_id})]
