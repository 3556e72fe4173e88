"""Tell what is new about an incident that runs, and end it, as the operator's staff (clauses 2.12, 4.1, 4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eztong.domain.incidents.incident import (
    Bilingual,
    Incident,
    IncidentOver,
    IncidentUnknown,
    IncidentUpdate,
    Step,
    check_times,
)
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_operator


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateIncident:
    """Staff say what is new. ``until`` and ``workaround`` None: they stay as they are."""

    incident_id: str
    words: Bilingual
    until: datetime | None = None
    workaround: Bilingual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndIncident:
    """Staff say that it is over, or call planned work off."""

    incident_id: str
    words: Bilingual | None = None


def update_incident(act: Act, command: UpdateIncident) -> Incident:
    """Store what is new with its step, and return the incident as it is now.

    1. The incident runs, and the new end can be meant.
    2. The change takes hold only if nobody else changed it meanwhile; the step names the operator.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        IncidentUnknown: there is no such incident.
        IncidentTimesInvalid: the new end contradicts its kind or its beginning.
        IncidentOver: it has ended, or somebody else changed it at this moment.
    """
    operator = check_operator(act, Permission.INCIDENTS_TELL, command.incident_id)
    incident = _running(act, command.incident_id)
    if command.until is not None:
        check_times(incident.kind, incident.starts_at, command.until, now=act.now)
    until = command.until or incident.until
    workaround = command.workaround or incident.workaround
    if not act.uow.incidents.change(incident, until=until, workaround=workaround):
        raise IncidentOver
    note_step(act, incident.incident_id, Step.UPDATED, words=command.words, operator=operator.name)
    return act.uow.incidents.get(incident.incident_id) or incident


def end_incident(act: Act, command: EndIncident) -> Incident:
    """End the incident now with its step, and return it; planned work that has not begun is called off.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        IncidentUnknown: there is no such incident.
        IncidentOver: it has ended before.
    """
    operator = check_operator(act, Permission.INCIDENTS_TELL, command.incident_id)
    incident = _running(act, command.incident_id)
    if not act.uow.incidents.end(incident.incident_id, ended_at=act.now):
        raise IncidentOver
    note_step(act, incident.incident_id, Step.ENDED, words=command.words, operator=operator.name)
    return act.uow.incidents.get(incident.incident_id) or incident


def note_step(
    act: Act, incident_id: str, step: Step, *, words: Bilingual | None = None, operator: str | None = None
) -> None:
    """Write down what was done to an incident, and by whom; no operator: by the service itself."""
    act.uow.incidents.add_update(
        IncidentUpdate(
            incident_id=incident_id,
            update_id=new_id(act, "iup"),
            step=step,
            at=act.now,
            words=words,
            operator=operator,
        )
    )


def _running(act: Act, incident_id: str) -> Incident:
    incident = act.uow.incidents.get(incident_id)
    if incident is None:
        raise IncidentUnknown
    if incident.end(act.now) is not None:
        raise IncidentOver
    return incident
