"""Reports of incidents to the authorities: which clock runs, what a report must say, and what is due when.

After the measures on reporting network security incidents (CAC, in force 2025-11-01): from grade «larger» upwards an
operator of critical infrastructure reports within one hour of noticing, a central body within two, everybody else
within four; thirty days after it was dealt with follows a final report. A flaw of a product that endangers national
security or the public is reported within twenty-four hours (regulation on network data security, art. 10).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.free_text import parse_free_text

MAX_SLOT: Final = 2_000
MAX_RECIPIENT: Final = 120
FINAL_AFTER: Final = timedelta(days=30)
"""Within which the final report follows, counted from when the incident was dealt with."""

MOST_BACK: Final = timedelta(days=366)
"""How long ago an incident may have been noticed: what lies further back is a slip of the pen."""


class ReportedKind(StrEnum):
    """What is reported."""

    INCIDENT = "incident"
    FLAW = "flaw"
    """A flaw or weakness of a product that endangers national security or the public."""


class IncidentGrade(StrEnum):
    """How grave it is, by the guide to grades that is annexed to the measures; the operator judges."""

    MOST_GRAVE = "most_grave"
    """特别重大"""
    GRAVE = "grave"
    """重大"""
    LARGER = "larger"
    """较大"""
    ORDINARY = "ordinary"
    """一般: the measures ask for no report."""


class OperatorKind(StrEnum):
    """Who reports: it decides how soon, and to whom."""

    CRITICAL = "critical"
    """Of critical information infrastructure: to the department that protects it, and the police."""
    CENTRAL = "central"
    """A central body or one directly under it: to its own cyberspace office."""
    OTHER = "other"
    """Anybody else: to the cyberspace administration of the province."""


CLOCKS: Final[Mapping[OperatorKind, timedelta]] = {
    OperatorKind.CRITICAL: timedelta(hours=1),
    OperatorKind.CENTRAL: timedelta(hours=2),
    OperatorKind.OTHER: timedelta(hours=4),
}
FLAW_CLOCK: Final = timedelta(hours=24)


class ReportSlot(StrEnum):
    """A part of a report. The values stand in sealed records; none is renamed or taken out."""

    UNIT = "unit"
    """Who the operator is, and which system it happened to."""
    FACTS = "facts"
    """When and where, of which kind and grade, what harm it did, what was done and what that helped."""
    RANSOM = "ransom"
    """Of blackmail: how much was asked for, how and by when."""
    TREND = "trend"
    CAUSE = "cause"
    CLUES = "clues"
    """For tracing it: who may have attacked, by which way, through which weakness."""
    NEXT = "next"
    """What will be done, and which help is asked for."""
    SCENE = "scene"
    """How the traces are preserved."""
    OTHER = "other"
    MEASURES = "measures"
    HARM = "harm"
    DUTY = "duty"
    """Who is held responsible."""
    REMEDY = "remedy"
    LESSONS = "lessons"


FIRST_SLOTS: Final = (ReportSlot.UNIT, ReportSlot.FACTS)
"""What the first report says at once; the rest may follow when it is known."""

LATER_SLOTS: Final = (
    ReportSlot.RANSOM,
    ReportSlot.TREND,
    ReportSlot.CAUSE,
    ReportSlot.CLUES,
    ReportSlot.NEXT,
    ReportSlot.SCENE,
    ReportSlot.OTHER,
)
FINAL_SLOTS: Final = (
    ReportSlot.CAUSE,
    ReportSlot.MEASURES,
    ReportSlot.HARM,
    ReportSlot.DUTY,
    ReportSlot.REMEDY,
    ReportSlot.LESSONS,
)
"""What the final report says."""


class ReportMove(StrEnum):
    """What was done with a report. The values stand in databases; none is renamed or taken out."""

    OPENED = "opened"
    WRITTEN = "written"
    REGRADED = "regraded"
    FIRST = "first"
    """The first report was made."""
    FOLLOW_UP = "follow_up"
    HANDLED = "handled"
    """The incident is dealt with: the thirty days begin."""
    FINAL = "final"
    CLOSED = "closed"
    """Nothing is to be reported."""


class ReportUnknown(NotFound):
    """No report of this id."""

    code = "incident_report_unknown"
    advice = "There is no such report; `eztong incidents reports` lists them."


class ReportOver(StateConflict):
    """The report is closed, that was done already, or somebody else changed it at this moment."""

    code = "incident_report_over"
    advice = "It was done already, or somebody else changed the report at this moment. Look at it again."


class ReportIncomplete(InputInvalid):
    """What a report must say is missing, or too long."""

    code = "incident_report_incomplete"
    advice = f"Fill what the report must say, at most {MAX_SLOT} characters each, and name whom it was made to."


class ReportTimesInvalid(InputInvalid):
    """A time lies in the future, or too far back."""

    code = "incident_report_times_invalid"
    advice = "Give a time that has passed, within a year."


class DueReport(StrEnum):
    """Which report is due."""

    FIRST = "first"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class ReportDue:
    """By when a report is due, and when it was made; ``at`` None: it is not due yet, or not at all."""

    what: DueReport
    at: datetime | None
    done_at: datetime | None

    def is_overdue(self, now: datetime) -> bool:
        """Say whether its time is over and nobody made it."""
        return self.at is not None and self.done_at is None and now > self.at

    @property
    def was_late(self) -> bool:
        """Say whether it was made after its time."""
        return self.at is not None and self.done_at is not None and self.done_at > self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReport:
    """What is reported to the authorities, as it is stored. ``noticed_at`` begins the clock.

    ``incident_id`` is the incident that people read of on the pages, if there is one. ``changes`` counts changes, so
    that of two at one moment one holds.
    """

    report_id: str
    kind: ReportedKind
    grade: IncidentGrade
    operator_kind: OperatorKind
    incident_id: str | None = None
    noticed_at: datetime
    opened_at: datetime
    opened_by: str
    sealed_slots: bytes = field(repr=False)
    first_at: datetime | None = None
    handled_at: datetime | None = None
    final_at: datetime | None = None
    closed_at: datetime | None = None
    changes: int = 0

    @property
    def clock(self) -> timedelta | None:
        """Within what it is reported; None: nothing asks for a report."""
        if self.kind is ReportedKind.FLAW:
            return FLAW_CLOCK
        return None if self.grade is IncidentGrade.ORDINARY else CLOCKS[self.operator_kind]

    @property
    def dues(self) -> tuple[ReportDue, ...]:
        """What is due, in the order of time."""
        clock = self.clock
        if clock is None:
            return ()
        first = ReportDue(DueReport.FIRST, self.noticed_at + clock, self.first_at)
        if self.kind is ReportedKind.FLAW:
            return (first,)
        final_due = None if self.handled_at is None else self.handled_at + FINAL_AFTER
        return first, ReportDue(DueReport.FINAL, final_due, self.final_at)

    def next_due(self) -> datetime | None:
        """Return by when the next report is due; None while none is."""
        open_dues = [due.at for due in self.dues if due.at is not None and due.done_at is None]
        return None if self.closed_at is not None else min(open_dues, default=None)

    def is_overdue(self, now: datetime) -> bool:
        """Say whether some report should have been made."""
        return self.closed_at is None and any(due.is_overdue(now) for due in self.dues)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReportStep:
    """What was done, by whom, and of a report to whom it was made and the hash of what it said."""

    report_id: str
    step_id: str
    move: ReportMove
    at: datetime
    operator: str
    recipient: str | None = None
    content_hash: str | None = None


def parse_slots(typed: Mapping[str, str]) -> dict[ReportSlot, str]:
    """Return the parts of a report that are filled.

    Raises:
        ReportIncomplete: one is too long.
    """
    found = {slot: parse_free_text(typed.get(slot.value, "")) for slot in ReportSlot}
    if any(len(words) > MAX_SLOT for words in found.values()):
        raise ReportIncomplete
    return {slot: words for slot, words in found.items() if words}


def parse_recipient(typed: str) -> str:
    """Return whom a report was made to, with the number that they gave: one line.

    Raises:
        ReportIncomplete: nothing, more than a line, or too long.
    """
    recipient = parse_free_text(typed)
    if not recipient or "\n" in recipient or len(recipient) > MAX_RECIPIENT:
        raise ReportIncomplete
    return recipient


def check_filled(slots: Mapping[ReportSlot, str], needed: tuple[ReportSlot, ...]) -> None:
    """Refuse a report that does not say what it must.

    Raises:
        ReportIncomplete: a part is missing.
    """
    if any(not slots.get(slot) for slot in needed):
        raise ReportIncomplete


def check_passed(moment: datetime, *, now: datetime) -> None:
    """Refuse a time that has not passed, or lies more than a year back.

    Raises:
        ReportTimesInvalid: it does.
    """
    if not now - MOST_BACK <= moment <= now:
        raise ReportTimesInvalid
