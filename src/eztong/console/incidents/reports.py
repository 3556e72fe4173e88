"""Reports of incidents to the authorities: which clock runs, the form with its parts, and who reported what when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from eztong.console.incidents.report_paper import report_paper
from eztong.console.typed import typed_moment
from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, InputInvalid
from eztong.domain.incidents.reporting import (
    FINAL_SLOTS,
    FIRST_SLOTS,
    LATER_SLOTS,
    MAX_RECIPIENT,
    MAX_SLOT,
    IncidentGrade,
    IncidentReport,
    OperatorKind,
    ReportDue,
    ReportedKind,
    ReportMove,
    ReportSlot,
    ReportTimesInvalid,
    ReportUnknown,
    parse_slots,
)
from eztong.domain.operators.permission import Permission
from eztong.domain.own_data.paper import FontMissing, PaperTooLong
from eztong.usecases.incidents.report_incident import (
    MoveReport,
    OpenReport,
    WriteReport,
    find_report,
    move_report,
    open_report,
    open_slots,
    report_document,
    report_hash,
    write_report,
)

HOME: Final = "/console/incidents/reports"
SHOWN: Final = 20
MOVES: Final = (
    ReportMove.FIRST,
    ReportMove.FOLLOW_UP,
    ReportMove.HANDLED,
    ReportMove.FINAL,
    ReportMove.CLOSED,
)
TELLS: Final = frozenset({ReportMove.FIRST, ReportMove.FOLLOW_UP, ReportMove.FINAL})
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DueRow:
    """A report that is due, in figures: how long is left, or by how much it is late."""

    due: ReportDue
    is_overdue: bool
    hours: int
    minutes: int


def show(visit: Visit) -> Response:
    """List what is to be reported and what was, with the form for what was just noticed."""
    return _list(visit)


def open_one(visit: Visit) -> Response:
    """Write down what was noticed: from then on its clock runs."""
    try:
        noticed = typed_moment(visit, "noticed", wrong=ReportTimesInvalid)
        command = OpenReport(
            kind=_chosen(ReportedKind, visit.form.get("kind", "")),
            grade=_chosen(IncidentGrade, visit.form.get("grade", "")),
            operator_kind=_chosen(OperatorKind, visit.form.get("operator_kind", "")),
            noticed_at=visit.now if noticed is None else noticed,
            incident_id=visit.form.get("incident", "").strip() or None,
        )
        opened = visit.audited(lambda: visit.services.perform(visit.acting, open_report, command))
    except EztongError as error:
        return _list(visit, error=error)
    return visit.redirect_done(f"{HOME}/{opened.report_id}")


def show_one(visit: Visit) -> Response:
    """Show one report with what is due, its parts, and everything that was done."""
    return _one(visit)


def go_on(visit: Visit) -> Response:
    """Keep what the report says, or note what was done.

    Raises:
        ReportUnknown: no such report.
    """
    report_id, act = _id(visit), visit.form.get("act", "")
    try:
        do = _written(visit, report_id) if act == "write" else _done(visit, report_id, act)
        visit.audited(do, subject=report_id)
    except ReportUnknown:
        raise
    except EztongError as error:
        return _one(visit, error=error)
    return visit.redirect_done(f"{HOME}/{report_id}")


def export(visit: Visit) -> Response:
    """Hand the report out: as PDF if the button says so, else as JSON. What cannot be made is said on the page."""
    report_id, typesetter = _id(visit), visit.services.typesetter

    def read() -> IncidentReport:
        with visit.services.store.read() as stored:
            return find_report(report_id, stored=stored)

    report = visit.audited(read, subject=report_id)
    slots = open_slots(report, keys=visit.services.keys)
    name = f'attachment; filename="{report_id}'
    if visit.form.get("file") != "pdf":
        headers = {"Content-Disposition": f'{name}.json"', "Cache-Control": "no-store"}
        document = report_document(report, slots) | {"hash": report_hash(report, slots)}
        return JSONResponse(document, headers=headers)
    try:
        typesetter.check_ready()
        content = typesetter.typeset(report_paper(report, slots, visit=visit))
    except (FontMissing, PaperTooLong) as error:
        return _one(visit, error=error)
    headers = {"Content-Disposition": f'{name}.pdf"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, media_type="application/pdf")


def _written(visit: Visit, report_id: str) -> Callable[[], IncidentReport]:
    command = WriteReport(
        report_id=report_id,
        grade=_chosen(IncidentGrade, visit.form.get("grade", "")),
        operator_kind=_chosen(OperatorKind, visit.form.get("operator_kind", "")),
        slots=parse_slots(visit.form),
    )
    return lambda: visit.services.perform(visit.acting, write_report, command)


def _done(visit: Visit, report_id: str, act: str) -> Callable[[], IncidentReport]:
    move = next((one for one in MOVES if one.value == act), None)
    if move is None:
        raise InputInvalid("Choose what was done.")
    at = typed_moment(visit, "at", wrong=ReportTimesInvalid)
    command = MoveReport(report_id=report_id, move=move, at=at, recipient=visit.form.get("recipient", ""))
    return lambda: visit.services.perform(visit.acting, move_report, command)


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["report_id"])


def _chosen(kind: Any, value: str) -> Any:  # noqa: ANN401 - one of several enumerations
    try:
        return kind(value)
    except ValueError:
        raise InputInvalid("Choose what happened, how grave it is, and who reports.") from None


def _list(visit: Visit, *, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        waiting, closed = stored.incident_reports.open(), stored.incident_reports.closed(limit=SHOWN)
        told = [*stored.incidents.running(), *stored.incidents.past(limit=SHOWN)]
    never = visit.now + timedelta(days=366)
    rows = sorted(waiting.those, key=lambda one: one.next_due() or never)
    return visit.form_page(
        "incidents/reports.html",
        because=error,
        rows=[(one, due_rows(one, visit.now), one.next_due()) for one in rows],
        closed=closed.those,
        unreadable=waiting.unreadable + closed.unreadable,
        kinds=list(ReportedKind),
        grades=list(IncidentGrade),
        operator_kinds=list(OperatorKind),
        told=told,
        may_keep=visit.may(Permission.INCIDENT_REPORTS_KEEP),
        typed={name: visit.form.get(name, "") for name in ("kind", "grade", "operator_kind", "noticed", "incident")},
        in_language=visit.words.language,
    )


def _one(visit: Visit, *, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        report = find_report(_id(visit), stored=stored)
        steps = stored.incident_reports.steps(report.report_id)
    slots: dict[str, str] = {slot.value: words for slot, words in open_slots(report, keys=visit.services.keys).items()}
    if error is not None and visit.form.get("act") == "write":
        slots |= {slot.value: visit.form.get(slot.value, "") for slot in ReportSlot}
    return visit.form_page(
        "incidents/reports_one.html",
        because=error,
        report=report,
        dues=due_rows(report, visit.now),
        steps=steps,
        slots=slots,
        groups=[("first", FIRST_SLOTS), ("later", LATER_SLOTS), *_final_group(report)],
        grades=list(IncidentGrade),
        operator_kinds=list(OperatorKind),
        moves=_moves(report) if visit.may(Permission.INCIDENT_REPORTS_KEEP) else [],
        tells=TELLS,
        may_keep=report.closed_at is None and visit.may(Permission.INCIDENT_REPORTS_KEEP),
        most=MAX_SLOT,
        most_recipient=MAX_RECIPIENT,
        typed={name: visit.form.get(name, "") for name in ("recipient", "at")},
    )


def _final_group(report: IncidentReport) -> list[tuple[str, tuple[ReportSlot, ...]]]:
    if report.kind is ReportedKind.FLAW:
        return []
    return [("final", tuple(slot for slot in FINAL_SLOTS if slot not in LATER_SLOTS))]


def _moves(report: IncidentReport) -> list[ReportMove]:
    """Return what may be done next, what is due first."""
    if report.closed_at is not None:
        return []
    found = [ReportMove.FIRST if report.first_at is None else ReportMove.FOLLOW_UP]
    if report.kind is ReportedKind.INCIDENT:
        if report.handled_at is None:
            found.append(ReportMove.HANDLED)
        elif report.first_at is not None:
            found.append(ReportMove.FINAL)
    if report.clock is None:
        found.append(ReportMove.CLOSED)
    return found


def due_rows(report: IncidentReport, now: datetime) -> list[DueRow]:
    """Return what is due with how long is left, or by how much it is late."""
    rows = []
    for due in report.dues:
        left = timedelta(0) if due.at is None else abs((due.done_at or now) - due.at)
        rows.append(DueRow(due, due.is_overdue(now), left // _HOUR, left % _HOUR // _MINUTE))
    return rows
