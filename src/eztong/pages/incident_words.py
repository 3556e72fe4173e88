"""An incident in the words of a page: what it is, since when or until when, and what people notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eztong.domain.identity.age import service_date
from eztong.domain.incidents.incident import Incident, IncidentKind, Phase
from eztong.i18n.moments import clock_words, moment_words
from eztong.i18n.translator import Translator

_MINUTES = len("00:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentWords:
    """What a page says of an incident. ``tone`` is the colour of its banner."""

    incident_id: str
    tone: str
    title: str
    when: str
    effect: str
    workaround: str


def incident_words(incident: Incident, *, now: datetime, words: Translator) -> IncidentWords:
    """Return the words in the reader's language, with Shanghai's times."""
    phase = incident.phase(now)
    return IncidentWords(
        incident_id=incident.incident_id,
        tone="warning" if phase is Phase.OPEN else "info",
        title=words.text(_title(incident.kind, phase)),
        when=_when(incident, now=now, words=words),
        effect=incident.effect.in_language(words.language),
        workaround="" if incident.workaround is None else incident.workaround.in_language(words.language),
    )


def _title(kind: IncidentKind, phase: Phase) -> str:
    if phase is Phase.ANNOUNCED:
        return "incident.upgrade_ahead" if kind is IncidentKind.UPGRADE else "incident.maintenance_ahead"
    match kind:
        case IncidentKind.UPGRADE:
            return "incident.upgrade"
        case IncidentKind.MAINTENANCE:
            return "incident.maintenance"
        case _:
            return "incident.outage"


def _when(incident: Incident, *, now: datetime, words: Translator) -> str:
    start = moment_words(incident.starts_at, now=now, words=words)
    until = incident.end(now) or incident.until
    # An expected end that has passed would be a promise that was not kept: nothing is said of it.
    if until is None or (incident.end(now) is None and until <= now):
        return words.text("incident.since", start=start)
    is_same_day = service_date(until) == service_date(incident.starts_at)
    end = clock_words(until)[:_MINUTES] if is_same_day else moment_words(until, now=now, words=words)
    if incident.is_planned or incident.end(now) is not None:
        return words.text("incident.from_until", start=start, end=end)
    return words.text("incident.since_until", start=start, end=end)
