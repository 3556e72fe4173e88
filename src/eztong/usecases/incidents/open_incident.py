"""Open an incident, or announce work, as the operator's staff (clauses 2.12, 4.1, 4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eztong.domain.incidents.incident import (
    MOST_RUNNING,
    REFUSABLE,
    Affected,
    Bilingual,
    Incident,
    IncidentKind,
    IncidentsMany,
    Origin,
    Phase,
    Step,
    check_refuses,
    check_times,
)
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act
from eztong.usecases.incidents.update_incident import note_step
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_operator


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    """Staff open an incident. ``starts_at`` None: now."""

    kind: IncidentKind
    affects: tuple[Affected, ...]
    effect: Bilingual
    workaround: Bilingual | None = None
    starts_at: datetime | None = None
    until: datetime | None = None
    refuses: tuple[Affected, ...] = ()


def open_incident(act: Act, command: OpenIncident) -> Incident:
    """Store the incident with its first step, and return it.

    1. The operator who acts has a role for it, and the times can be meant.
    2. Not more run than people can read.
    3. The step names the operator.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        IncidentTimesInvalid: the times contradict the kind or each other.
        IncidentRefusesInvalid: it would refuse what it cannot.
        IncidentsMany: too many run already.
    """
    operator = check_operator(act, Permission.INCIDENTS_TELL)
    check_times(command.kind, command.starts_at or act.now, command.until, now=act.now)
    check_refuses(command.kind, command.refuses)
    running = [one for one in act.uow.incidents.running() if one.phase(act.now) in {Phase.ANNOUNCED, Phase.OPEN}]
    if len(running) >= MOST_RUNNING:
        raise IncidentsMany
    incident = _incident(command, new_id(act, "inc"), now=act.now)
    act.uow.incidents.add(incident)
    note_step(act, incident.incident_id, Step.OPENED, operator=operator.name)
    return incident


def preview_incident(command: OpenIncident, *, now: datetime) -> Incident:
    """Return the incident as it would be told, and store nothing.

    Raises:
        IncidentTimesInvalid: the times contradict the kind or each other.
    """
    check_times(command.kind, command.starts_at or now, command.until, now=now)
    check_refuses(command.kind, command.refuses)
    return _incident(command, "", now=now)


def _incident(command: OpenIncident, incident_id: str, *, now: datetime) -> Incident:
    return Incident(
        incident_id=incident_id,
        kind=command.kind,
        origin=Origin.OPERATOR,
        affects=tuple(one for one in Affected if one in command.affects),
        effect=command.effect,
        workaround=command.workaround,
        starts_at=command.starts_at or now,
        created_at=now,
        until=command.until,
        refuses=tuple(one for one in REFUSABLE if one in command.refuses),
    )
