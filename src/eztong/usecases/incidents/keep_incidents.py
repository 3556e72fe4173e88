"""Keep incidents true without staff: the authority's own, by its circuit breaker, and the end of planned work (4.1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from eztong.domain.incidents.incident import (
    Affected,
    Bilingual,
    Incident,
    IncidentKind,
    Origin,
    Step,
)
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.usecases.incidents.update_incident import note_step
from eztong.usecases.jobs.queue_run import counted, tried
from eztong.usecases.naming import new_id

QUEUE: Final = "incidents"
EFFECT: Final = Bilingual(
    "身份机构暂时无法答复，新的注册和部分找回账户的申请需要等待；已注册的用户可以照常亮码。",
    "The identity authority does not answer at the moment. New registrations and some account recoveries wait; "
    "whoever is registered can show codes as usual.",
)
WORKAROUND: Final = Bilingual(
    "已提交的申请会自动继续，不用重新填写。",
    "Applications that were sent go on by themselves; there is no need to send them again.",
)
BACK: Final = Bilingual("身份机构已恢复答复。", "The identity authority answers again.")


def keep_incidents(services: Services, *, after: timedelta) -> None:
    """Open the authority's incident once it has been away for ``after``, end it when it is back, end planned work.

    Nothing is written unless something changed. What is on the board may be a second old: the writes are conditional.
    """
    now = services.clock.now()
    board = services.incidents.look()
    away_since = services.authority.away_since()
    by_circuit = [one for one in board.running if one.origin is Origin.CIRCUIT]
    if away_since is not None and not by_circuit and now - away_since >= after:
        services.perform(SYSTEM, open_for_authority, away_since)
    over: list[tuple[Incident, datetime, Bilingual | None]] = [
        (one, now, BACK) for one in by_circuit if away_since is None
    ]
    over += [(one, ended_at, None) for one in board.running if (ended_at := one.end(now)) is not None]
    failed = tried(over, lambda one: services.perform(SYSTEM, end_by_itself, one[0], ended_at=one[1], words=one[2]))
    counted(QUEUE, [kind for _, kind in failed], observer=services.observer)


def open_for_authority(act: Act, away_since: datetime) -> Incident:
    """Open the incident of an authority that does not answer; one that runs already stays the only one."""
    incident = Incident(
        incident_id=new_id(act, "inc"),
        kind=IncidentKind.AUTHORITY,
        origin=Origin.CIRCUIT,
        affects=(Affected.REGISTRATION,),
        effect=EFFECT,
        workaround=WORKAROUND,
        starts_at=away_since,
        created_at=act.now,
    )
    if act.uow.incidents.add(incident):
        note_step(act, incident.incident_id, Step.OPENED)
    return incident


def end_by_itself(act: Act, incident: Incident, *, ended_at: datetime, words: Bilingual | None = None) -> None:
    """End an incident without anybody having asked for it, unless it has ended or got another end meanwhile."""
    found = act.uow.incidents.get(incident.incident_id)
    if found is None or found.until != incident.until:
        return
    if act.uow.incidents.end(incident.incident_id, ended_at=ended_at):
        note_step(act, incident.incident_id, Step.ENDED, words=words)
