"""Report an incident or a flaw to the authorities: open, write, report, deal with, close; each step is on record.

After the measures on reporting network security incidents of 2025; see :mod:`eztong.domain.incidents.reporting`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from eztong.domain.canonical_json import parse_document, render_canonical, render_time
from eztong.domain.damage import SealedDataDamaged
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.incidents.incident import IncidentUnknown
from eztong.domain.incidents.reporting import (
    FINAL_SLOTS,
    FIRST_SLOTS,
    IncidentGrade,
    IncidentReport,
    IncidentReportStep,
    OperatorKind,
    ReportedKind,
    ReportMove,
    ReportOver,
    ReportSlot,
    ReportUnknown,
    check_filled,
    check_passed,
    parse_recipient,
)
from eztong.domain.operators.permission import Permission
from eztong.domain.sealing import NONCE_BYTES
from eztong.gm.errors import DecryptionFailed
from eztong.gm.sm3 import sm3
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_operator

FORMAT: Final = "eztong/incident-report/v1"
_TABLE, _COLUMN = "incident_reports", "sealed_slots"
Slots = Mapping[ReportSlot, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReport:
    """What was noticed, when, and who reports. ``incident_id`` is what people read of on the pages, if anything."""

    kind: ReportedKind
    grade: IncidentGrade
    operator_kind: OperatorKind
    noticed_at: datetime
    incident_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteReport:
    """What the report says from now on, and how grave it is judged to be."""

    report_id: str
    grade: IncidentGrade
    operator_kind: OperatorKind
    slots: Slots = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveReport:
    """What was done. ``at`` None: now. ``recipient`` is whom a report was made to, with the number that they gave."""

    report_id: str
    move: ReportMove
    at: datetime | None = None
    recipient: str = ""


def open_report(act: Act, command: OpenReport) -> IncidentReport:
    """Write down that something was noticed: the clock runs from then.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        ReportTimesInvalid: it was noticed in the future, or more than a year ago.
        IncidentUnknown: there is no such incident.
    """
    operator = check_operator(act, Permission.INCIDENT_REPORTS_KEEP)
    check_passed(command.noticed_at, now=act.now)
    if command.incident_id is not None and act.uow.incidents.get(command.incident_id) is None:
        raise IncidentUnknown
    report_id = new_id(act, "irp")
    report = IncidentReport(
        report_id=report_id,
        kind=command.kind,
        grade=command.grade,
        operator_kind=command.operator_kind,
        incident_id=command.incident_id,
        noticed_at=command.noticed_at,
        opened_at=act.now,
        opened_by=operator.name,
        sealed_slots=_sealed(act, report_id, {}),
    )
    act.uow.incident_reports.add(report)
    _note(act, report, ReportMove.OPENED)
    return report


def write_report(act: Act, command: WriteReport) -> IncidentReport:
    """Store what the report says.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        ReportUnknown: no such report.
        ReportOver: it is closed, or somebody else changed it.
    """
    check_operator(act, Permission.INCIDENT_REPORTS_KEEP, command.report_id)
    report = _open(act, command.report_id)
    written = replace(
        report,
        grade=command.grade,
        operator_kind=command.operator_kind,
        sealed_slots=_sealed(act, report.report_id, command.slots),
    )
    is_regraded = (report.grade, report.operator_kind) != (command.grade, command.operator_kind)
    return _store(act, written, ReportMove.REGRADED if is_regraded else ReportMove.WRITTEN)


def move_report(act: Act, command: MoveReport) -> IncidentReport:
    """Note that a report was made, that the incident is dealt with, or that nothing is to be reported.

    1. The first report says who and what happened; the final one what came of it, after it was dealt with.
    2. What was reported is kept by its hash, and that it was is attested.
    3. With the last report that is due the record is closed.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        ReportUnknown: no such report.
        ReportOver: it is closed, that was done already, or comes too early; or somebody else changed it.
        ReportIncomplete: the report does not say what it must, or nobody is named whom it was made to.
        ReportTimesInvalid: it is said to have been done before it was noticed, or in the future.
    """
    check_operator(act, Permission.INCIDENT_REPORTS_KEEP, command.report_id)
    report = _open(act, command.report_id)
    at = command.at or act.now
    check_passed(at, now=act.now)
    slots = open_slots(report, keys=act.keys)
    moved = _moved(report, command.move, at=at, slots=slots)
    if command.move not in {ReportMove.FIRST, ReportMove.FOLLOW_UP, ReportMove.FINAL}:
        return _store(act, moved, command.move, at=at)
    recipient = parse_recipient(command.recipient)
    content_hash = report_hash(moved, slots)
    stored = _store(act, moved, command.move, at=at, recipient=recipient, content_hash=content_hash)
    facts = {"report": command.move.value, "grade": report.grade.value, "hash": content_hash}
    attest_act(act, WhatWasDone(kind=ActKind.INCIDENT_REPORTED, subject=report.report_id, facts=facts))
    return stored


def find_report(report_id: str, *, stored: Repositories) -> IncidentReport:
    """Return a report.

    Raises:
        ReportUnknown: no such report.
    """
    found = stored.incident_reports.get(report_id)
    if found is None:
        raise ReportUnknown
    return found


def open_slots(report: IncidentReport, *, keys: Keys) -> dict[ReportSlot, str]:
    """Return what a report says, part by part.

    Raises:
        SealedDataDamaged: it was changed in the store.
    """
    try:
        plain = keys.open(report.sealed_slots, place=_place(report.report_id))
    except DecryptionFailed as error:
        raise SealedDataDamaged from error
    return {ReportSlot(name): str(words) for name, words in parse_document(plain).items()}


def report_document(report: IncidentReport, slots: Slots) -> dict[str, Any]:
    """Return a report as programs read it."""
    return {
        "format": FORMAT,
        "id": report.report_id,
        "kind": report.kind.value,
        "grade": report.grade.value,
        "operator_kind": report.operator_kind.value,
        "incident": report.incident_id,
        "noticed_at": render_time(report.noticed_at),
        "handled_at": None if report.handled_at is None else render_time(report.handled_at),
        "says": {slot.value: words for slot, words in slots.items()},
    }


def report_hash(report: IncidentReport, slots: Slots) -> str:
    """Return the SM3 of :func:`report_document` in hex."""
    return sm3(render_canonical(report_document(report, slots))).hex()


def _moved(report: IncidentReport, move: ReportMove, *, at: datetime, slots: Slots) -> IncidentReport:
    if at < report.noticed_at:
        raise ReportOver
    is_flaw, needs_none = report.kind is ReportedKind.FLAW, report.clock is None
    if move is ReportMove.FIRST and report.first_at is None:
        check_filled(slots, FIRST_SLOTS)
        return replace(report, first_at=at, closed_at=at if is_flaw else None)
    if move is ReportMove.FOLLOW_UP and report.first_at is not None:
        return report
    if move is ReportMove.HANDLED and report.handled_at is None and not is_flaw:
        return replace(report, handled_at=at)
    if move is ReportMove.FINAL and report.first_at is not None and report.handled_at is not None:
        check_filled(slots, FINAL_SLOTS)
        return replace(report, final_at=at, closed_at=at)
    if move is ReportMove.CLOSED and needs_none:
        return replace(report, closed_at=at)
    raise ReportOver


def _open(act: Act, report_id: str) -> IncidentReport:
    report = find_report(report_id, stored=act.uow)
    if report.closed_at is not None:
        raise ReportOver
    return report


def _store(act: Act, report: IncidentReport, move: ReportMove, **more: Any) -> IncidentReport:  # noqa: ANN401 - what a step says
    changed = replace(report, changes=report.changes + 1)
    if not act.uow.incident_reports.change(changed):
        raise ReportOver
    _note(act, changed, move, **more)
    return changed


def _note(
    act: Act,
    report: IncidentReport,
    move: ReportMove,
    *,
    at: datetime | None = None,
    recipient: str | None = None,
    content_hash: str | None = None,
) -> None:
    act.uow.incident_reports.add_step(
        IncidentReportStep(
            report_id=report.report_id,
            step_id=new_id(act, "irs"),
            move=move,
            at=at or act.now,
            operator=act.by.name,
            recipient=recipient,
            content_hash=content_hash,
        )
    )


def _sealed(act: Act, report_id: str, slots: Slots) -> bytes:
    plain = render_canonical({slot.value: words for slot, words in slots.items()})
    return act.keys.seal(plain, nonce=act.entropy.token(NONCE_BYTES), place=_place(report_id))


def _place(report_id: str) -> tuple[str, str, str]:
    return (_TABLE, report_id, _COLUMN)
