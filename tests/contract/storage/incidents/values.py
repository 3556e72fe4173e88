"""One value of each kind of incident: ``full`` with every field filled, otherwise with as few as there can be."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.incidents.incident import (
    Affected,
    Bilingual,
    Incident,
    IncidentKind,
    IncidentUpdate,
    Origin,
    Step,
)
from eztong.domain.incidents.reporting import IncidentGrade, IncidentReport, OperatorKind, ReportedKind
from tests.contract.storage.stage import at, make


def incident(number: int = 1, *, full: bool = False) -> Incident:
    bare = Incident(
        incident_id=make("inc", number),
        kind=IncidentKind.OTHER,
        origin=Origin.OPERATOR,
        affects=(Affected.ALL,),
        effect=Bilingual("服务中断", "Nothing works"),
        workaround=None,
        starts_at=at(number),
        created_at=at(number),
    )
    if not full:
        return bare
    return replace(
        bare,
        kind=IncidentKind.MAINTENANCE,
        affects=(Affected.REGISTRATION, Affected.CODES),
        workaround=Bilingual("请到柜台办理", "Go to the counter"),
        until=at(number + 900),
        ended_at=at(number + 800),
    )


def by_circuit(number: int = 1) -> Incident:
    return replace(incident(number), kind=IncidentKind.AUTHORITY, origin=Origin.CIRCUIT)


def incident_update(number: int = 1, *, full: bool = False, of: int = 1) -> IncidentUpdate:
    bare = IncidentUpdate(incident_id=make("inc", of), update_id=make("iup", number), step=Step.OPENED, at=at(number))
    if not full:
        return bare
    return replace(bare, step=Step.ENDED, words=Bilingual("已恢复", "It works again"), operator="li.na")


def incident_report(number: int = 1, *, full: bool = False) -> IncidentReport:
    bare = IncidentReport(
        report_id=make("irp", number),
        kind=ReportedKind.FLAW,
        grade=IncidentGrade.LARGER,
        operator_kind=OperatorKind.OTHER,
        noticed_at=at(number),
        opened_at=at(number),
        opened_by="sun",
        sealed_slots=b"sealed",
    )
    if not full:
        return bare
    return replace(
        bare,
        kind=ReportedKind.INCIDENT,
        incident_id=make("inc", number),
        first_at=at(number + 1),
        handled_at=at(number + 2),
        final_at=at(number + 3),
        closed_at=at(number + 3),
        changes=4,
    )
