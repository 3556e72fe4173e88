"""Incidents: what is out of order, or will be, since when, for whom, and what to do meanwhile (clauses 2.12, 4.1, 4.2).

``announced -> open -> ended``. Where an incident stands follows from its times alone, so nobody has to be there when a
maintenance window begins or ends. Only planned work ends by its time; an outage ends when somebody, or the circuit
breaker that opened it, says so. One that is ended before it began was called off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.free_text import parse_free_text

MAX_WORDS: Final = 300
"""Characters of one text in one language: it stands above every page."""

SHOWN_AHEAD: Final = timedelta(days=3)
"""How long before its beginning planned work is shown on every page; the status page shows it from the first moment."""

MOST_AHEAD: Final = timedelta(days=366)
"""How far ahead work may be announced: what lies further is a slip of the pen."""

MOST_RUNNING: Final = 20
"""Incidents that run at once: each stands on every page."""


class IncidentKind(StrEnum):
    """Why the service is out of order."""

    AUTHORITY = "authority"
    """The eID authority does not answer."""
    MESSAGES = "messages"
    """Messages with codes do not arrive."""
    NETWORK = "network"
    """The network is disturbed (4.2.2)."""
    ATTACK = "attack"
    """Malicious programs or attackers (4.2.1)."""
    DISASTER = "disaster"
    """Force majeure (4.1)."""
    OTHER = "other"
    """Anything else (4.2.5)."""
    MAINTENANCE = "maintenance"
    """Planned work, after which everything is as before."""
    UPGRADE = "upgrade"
    """Planned work that brings a new version (2.12)."""


PLANNED: Final = frozenset({IncidentKind.MAINTENANCE, IncidentKind.UPGRADE})
"""Kinds that are announced with their end, and end by themselves."""


class Affected(StrEnum):
    """What does not work, or not as usual."""

    ALL = "all"
    REGISTRATION = "registration"
    SIGN_IN = "sign_in"
    CODES = "codes"
    """Showing codes, and being verified with them."""
    REQUESTS = "requests"
    """Answering a partner's request."""
    PARTNER_API = "partner_api"


REFUSABLE: Final = (Affected.REGISTRATION, Affected.CODES)
"""What planned work may refuse: that nobody begins what would be cut off."""


class Phase(StrEnum):
    """Where an incident stands."""

    ANNOUNCED = "announced"
    OPEN = "open"
    ENDED = "ended"
    CALLED_OFF = "called_off"


class Origin(StrEnum):
    """Who opened an incident."""

    OPERATOR = "operator"
    CIRCUIT = "circuit"
    """The circuit breaker in front of the authority."""


class Step(StrEnum):
    """What was done to an incident."""

    OPENED = "opened"
    UPDATED = "updated"
    ENDED = "ended"


class IncidentUnknown(NotFound):
    """No incident of this id."""

    code = "incident_unknown"
    advice = "There is no incident with this id; `eztong incidents list` shows them."


class IncidentOver(StateConflict):
    """The incident has ended, or was changed by somebody else at the same moment."""

    code = "incident_over"
    advice = "The incident has ended, or somebody else changed it at this moment. Look at it again."


class IncidentsMany(StateConflict):
    """As many incidents run as people can read."""

    code = "incidents_many"
    advice = f"{MOST_RUNNING} incidents run already: end some, or add to one of them."


class IncidentWordsInvalid(InputInvalid):
    """A text is missing, too long, or holds what no page shows."""

    code = "incident_words_invalid"
    advice = f"Say it in Chinese and in English, each in 1 to {MAX_WORDS} characters on one line."


class IncidentIncomplete(InputInvalid):
    """It is not said what happens, or what is affected: nobody is told that everything is, by leaving that out."""

    code = "incident_incomplete"
    advice = "Choose what it is, and name at least one thing that is affected."


class IncidentRefusesInvalid(InputInvalid):
    """It would refuse what it cannot: only planned work, which ends by itself, refuses registrations and codes."""

    code = "incident_refuses_invalid"
    advice = "Only planned work with its end refuses anything: new registrations, new codes, or both."


class IncidentTimesInvalid(InputInvalid):
    """The times of an incident contradict its kind or each other."""

    code = "incident_times_invalid"
    advice = "Planned work needs a beginning and an end that is still to come; an outage began already."


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in both languages of the service."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text for readers of ``language`` (``zh-CN`` or ``en``)."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident or planned work. ``until`` is when it is expected to end, ``ended_at`` when it did."""

    incident_id: str
    kind: IncidentKind
    origin: Origin
    affects: tuple[Affected, ...]
    effect: Bilingual
    workaround: Bilingual | None
    starts_at: datetime
    created_at: datetime
    until: datetime | None = None
    ended_at: datetime | None = None
    refuses: tuple[Affected, ...] = ()
    """What is refused while it is open, of :data:`REFUSABLE`; planned work alone refuses anything."""

    @property
    def is_planned(self) -> bool:
        """Say whether it was announced with its end."""
        return self.kind in PLANNED

    def end(self, now: datetime) -> datetime | None:
        """Return when it ended; None while it has not."""
        if self.ended_at is not None:
            return self.ended_at
        if self.is_planned and self.until is not None and self.until <= now:
            return self.until
        return None

    def phase(self, now: datetime) -> Phase:
        """Return where it stands at ``now``."""
        end = self.end(now)
        if end is not None:
            return Phase.CALLED_OFF if end < self.starts_at else Phase.ENDED
        return Phase.OPEN if self.starts_at <= now else Phase.ANNOUNCED

    def is_shown(self, now: datetime) -> bool:
        """Say whether it stands on every page: while it is open, and before planned work."""
        phase = self.phase(now)
        return phase is Phase.OPEN or (phase is Phase.ANNOUNCED and self.starts_at - now <= SHOWN_AHEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentUpdate:
    """One change of an incident. ``operator`` is the login of whoever made it; None: the service itself."""

    incident_id: str
    update_id: str
    step: Step
    at: datetime
    words: Bilingual | None = None
    operator: str | None = None


def parse_bilingual(zh: str, en: str) -> Bilingual:
    """Return a text in both languages, without white space around it.

    Raises:
        IncidentWordsInvalid: one is empty, longer than :data:`MAX_WORDS`, or has characters that steer a screen.
    """
    said = (zh.strip(), en.strip())
    if not all(0 < len(words) <= MAX_WORDS and _is_plain(words) for words in said):
        raise IncidentWordsInvalid
    return Bilingual(*said)


def check_times(kind: IncidentKind, starts_at: datetime, until: datetime | None, *, now: datetime) -> None:
    """Refuse times that cannot be meant.

    Raises:
        IncidentTimesInvalid: planned work has no end, or ends before now or before it begins, or lies more than a year
            ahead or back; an outage begins in the future, or is expected to end before it began.
    """
    planned = kind in PLANNED
    if planned and (until is None or until <= now or starts_at > now + MOST_AHEAD):
        raise IncidentTimesInvalid
    if starts_at < now - MOST_AHEAD or (not planned and starts_at > now):
        raise IncidentTimesInvalid
    if until is not None and not starts_at < until <= starts_at + MOST_AHEAD:
        raise IncidentTimesInvalid


def check_refuses(kind: IncidentKind, refuses: tuple[Affected, ...]) -> None:
    """Refuse what nothing or nobody may refuse.

    Raises:
        IncidentRefusesInvalid: it is no planned work, or something else than :data:`REFUSABLE`.
    """
    if refuses and (kind not in PLANNED or not set(refuses) <= set(REFUSABLE)):
        raise IncidentRefusesInvalid


def _is_plain(words: str) -> bool:
    return words == parse_free_text(words) and "\n" not in words
