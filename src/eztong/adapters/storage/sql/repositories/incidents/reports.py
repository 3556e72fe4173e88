"""Reports of incidents to the authorities over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.incidents.reports import incident_report_steps, incident_reports
from eztong.domain.damage import Listed
from eztong.domain.incidents.reporting import (
    IncidentGrade,
    IncidentReport,
    IncidentReportStep,
    OperatorKind,
    ReportedKind,
    ReportMove,
)
from eztong.ports.storage.incidents.reports import IncidentReportRepository

_KEPT: Final = ("report_id", "kind", "incident_id", "opened_at", "opened_by", "changes")
_TO: Final = [name for name in incident_reports.columns.keys() if name not in _KEPT]  # noqa: SIM118 - a mapping of columns
_INSERT = insert_into(incident_reports)
_INSERT_STEP = insert_into(incident_report_steps)
_GET = select_where(incident_reports, "report_id")
_OPEN = Statement(
    select(*as_bytes(incident_reports.columns))
    .where(incident_reports.c.closed_at.is_(None))
    .order_by(incident_reports.c.report_id)
)
_CLOSED = Statement(
    select(*as_bytes(incident_reports.columns))
    .where(incident_reports.c.closed_at.is_not(None))
    .order_by(incident_reports.c.closed_at.desc(), incident_reports.c.report_id.desc())
    .limit(bindparam("at_most"))
)
_CHANGE = Statement(
    update(incident_reports)
    .where(incident_reports.c.report_id == bindparam("of_report"), incident_reports.c.changes == bindparam("seen"))
    .values({name: bindparam(f"to_{name}") for name in _TO} | {"changes": bindparam("to_changes")})
)
_STEPS = Statement(
    select(incident_report_steps)
    .where(incident_report_steps.c.report_id == bindparam("report_id"))
    .order_by(incident_report_steps.c.step_id)
)


class SqlIncidentReports(IncidentReportRepository):
    """Reports over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, report: IncidentReport) -> None:
        self._db.run(_INSERT, _row(report))

    @override
    def get(self, report_id: str) -> IncidentReport | None:
        row = self._db.one(_GET, {"report_id": report_id})
        return None if row is None else report_of(row)

    @override
    def open(self) -> Listed[IncidentReport]:
        return listed(report_of, incident_reports, self._db.all(_OPEN, {}))

    @override
    def closed(self, *, limit: int) -> Listed[IncidentReport]:
        return listed(report_of, incident_reports, self._db.all(_CLOSED, {"at_most": limit}))

    @override
    def change(self, report: IncidentReport) -> bool:
        row = _row(report)
        params = {f"to_{name}": row[name] for name in (*_TO, "changes")}
        return self._db.run(_CHANGE, params | {"of_report": report.report_id, "seen": report.changes - 1}) == 1

    @override
    def add_step(self, step: IncidentReportStep) -> None:
        self._db.run(
            _INSERT_STEP,
            {
                "report_id": step.report_id,
                "step_id": step.step_id,
                "move": step.move.value,
                "at": to_ms(step.at),
                "operator": step.operator,
                "recipient": step.recipient,
                "content_hash": step.content_hash,
            },
        )

    @override
    def steps(self, report_id: str) -> Sequence[IncidentReportStep]:
        return [_step(row) for row in self._db.all(_STEPS, {"report_id": report_id})]


def _row(report: IncidentReport) -> dict[str, object]:
    return {
        "report_id": report.report_id,
        "kind": report.kind.value,
        "grade": report.grade.value,
        "operator_kind": report.operator_kind.value,
        "incident_id": report.incident_id,
        "noticed_at": to_ms(report.noticed_at),
        "opened_at": to_ms(report.opened_at),
        "opened_by": report.opened_by,
        "sealed_slots": report.sealed_slots,
        "first_at": to_ms_or_none(report.first_at),
        "handled_at": to_ms_or_none(report.handled_at),
        "final_at": to_ms_or_none(report.final_at),
        "closed_at": to_ms_or_none(report.closed_at),
        "changes": report.changes,
    }


@reads(incident_reports)
def report_of(row: Row) -> IncidentReport:
    """Return what a row of the table says."""
    return IncidentReport(
        report_id=row[0],
        kind=ReportedKind(row[1]),
        grade=IncidentGrade(row[2]),
        operator_kind=OperatorKind(row[3]),
        incident_id=row[4],
        noticed_at=from_ms(row[5]),
        opened_at=from_ms(row[6]),
        opened_by=row[7],
        sealed_slots=row[8],
        first_at=from_ms_or_none(row[9]),
        handled_at=from_ms_or_none(row[10]),
        final_at=from_ms_or_none(row[11]),
        closed_at=from_ms_or_none(row[12]),
        changes=row[13],
    )


@reads(incident_report_steps)
def _step(row: Row) -> IncidentReportStep:
    return IncidentReportStep(
        report_id=row[0],
        step_id=row[1],
        move=ReportMove(row[2]),
        at=from_ms(row[3]),
        operator=row[4],
        recipient=row[5],
        content_hash=row[6],
    )
