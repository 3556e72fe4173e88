"""Partner events: what a partner is told of one of its partner codes, and answers to (clause 2.13; PIPL art. 47).

A partner code ends at once with the account; the **news** of it comes to each partner at a moment of its own. Two
partners who put together when they heard, in which order and under which ids learn nothing about who is whom: the
moment and the id of each event are drawn by themselves, and the event names a day and no time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, NewType

from eztong.domain.errors import EztongError, InputInvalid, NotFound, StateConflict
from eztong.domain.identifiers import PartnerId, make_id
from eztong.domain.identity.age import SHANGHAI, service_date
from eztong.domain.partners.partner_code import PartnerCode
from eztong.domain.working_days import ANSWER_WITHIN, WorkCalendar

EventId = NewType("EventId", str)

TOLD_WITHIN: Final = timedelta(hours=24)
"""How long after the end of an account a partner hears of it at the latest."""
SETTLED_AFTER: Final = timedelta(minutes=1)
"""How long after it was written an event is told at the earliest.

By then it is committed, so that no reader has passed the place where it appears.
"""
TELLING_STEPS: Final = (TOLD_WITHIN - SETTLED_AFTER) // timedelta(milliseconds=1)
"""Among how many moments, one for each millisecond, the moment of an event is drawn."""
EVENTS_FOR: Final = timedelta(days=90)
"""How long an event is kept after it was told."""
KEPT_AT_MOST_YEARS: Final = 30
"""For how many years a partner may say that it keeps something: the longest period of accounting archives."""

_EVENT, _ERASURE = "evt", "era"
_LAW: Final = re.compile(r"[^\s](?:[^\n\r\t]{0,118}[^\s])")
_NUMBER: Final = re.compile(r"\d{7}")


class PartnerEventKind(StrEnum):
    """What happened to a partner code."""

    PARTNER_CODE_ENDED = "partner_code_ended"
    """Its holder left the service. The code never comes back, and the partner is asked to erase."""


class ErasureAnswer(StrEnum):
    """What a partner did with what it had about a partner code that ended."""

    ERASED = "erased"
    KEPT = "kept"
    """A law obliges it to keep something, until a day that it names."""


class CursorGone(EztongError):
    """The event to go on from is no longer kept, or never was one of this partner's."""

    code = "cursor_gone"
    advice = "Events are kept for 90 days, and that one is not among yours. Read again without `after`."


class ErasureUnknown(NotFound):
    """There is no such erasure request of this partner, or it is no longer kept."""

    code = "erasure_request_unknown"
    advice = "Take the id from an event of your own. An erasure request can be answered for 90 days."


class ErasureAnswered(StateConflict):
    """The erasure request was answered otherwise before."""

    code = "erasure_request_answered"
    advice = "The first answer stands. If it was wrong, tell the operator of the service."


class AnswerInvalid(InputInvalid):
    """The answer says too little, or too much."""

    code = "erasure_answer_invalid"
    advice = "Send `erased` alone, or `kept` with `law` and `until`."


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureReply:
    """A partner's answer. ``law`` names act and article that oblige it to keep something, ``until`` its last day."""

    answer: ErasureAnswer
    law: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerEvent:
    """One event of one partner, in its own terms: its id and its code are no other partner's.

    ``tell_at`` is when the partner may read it, ``deregistration_id`` what caused it. ``answered`` is the partner's
    answer to the erasure request, and ``answered_at`` when it came.
    """

    partner_id: PartnerId
    event_id: EventId
    kind: PartnerEventKind
    partner_code: PartnerCode
    tell_at: datetime
    deregistration_id: str | None = None
    answered: ErasureReply | None = None
    answered_at: datetime | None = None

    @property
    def day(self) -> date:
        """The day, in Shanghai, on which it is told: all that the event says of time."""
        return service_date(self.tell_at)

    @property
    def erasure_id(self) -> str:
        """The id under which its erasure request is answered."""
        return self.event_id.replace(_EVENT, _ERASURE, 1)

    def is_told(self, *, now: datetime) -> bool:
        """Say whether its time has come, and has not passed."""
        return self.tell_at <= now < self.tell_at + EVENTS_FOR

    def answer_by(self, calendar: WorkCalendar) -> date:
        """Return the last day, in Shanghai, for the answer; it counts from the day of telling."""
        return service_date(calendar.due_after(self.tell_at, ANSWER_WITHIN).at)

    def is_overdue(self, calendar: WorkCalendar, *, now: datetime) -> bool:
        """Say whether the answer should be there and is not."""
        return self.answered is None and service_date(now) > self.answer_by(calendar)

    def with_answer(self, answer: ErasureReply, *, now: datetime) -> PartnerEvent:
        """Return the event with its answer.

        Raises:
            ErasureAnswered: it has another one.
        """
        if self.answered is None:
            return replace(self, answered=answer, answered_at=now)
        if self.answered != answer:
            raise ErasureAnswered
        return self


def tell_at(written_at: datetime, *, drawn: int) -> datetime:
    """Return when a partner may read an event; ``drawn`` is a random number below :data:`TELLING_STEPS`."""
    return written_at + SETTLED_AFTER + timedelta(milliseconds=drawn)


def make_event_id(told: datetime, *, random: bytes) -> EventId:
    """Return an event's id: the day of its telling and randomness of its own, nothing of when or by what it came."""
    midnight = datetime.combine(service_date(told), time(), SHANGHAI)
    return EventId(make_id(_EVENT, now=midnight, random=random))


def event_of(erasure_id: str) -> EventId:
    """Return the id of the event that an erasure request came with."""
    return EventId(erasure_id.replace(_ERASURE, _EVENT, 1))


def check_answer(answer: ErasureReply, *, now: datetime) -> None:
    """Refuse an answer that leaves open what is kept, why or how long.

    Raises:
        AnswerInvalid: it does, or gives reasons for nothing, or what looks like somebody's number stands in it.
    """
    if answer.answer is ErasureAnswer.ERASED:
        if answer.law is not None or answer.until is not None:
            raise AnswerInvalid("Who erased everything gives neither `law` nor `until`.")
        return
    if answer.law is None or answer.until is None:
        raise AnswerInvalid("Who keeps something names `law` and `until`.")
    if not _LAW.fullmatch(answer.law) or not answer.law.isprintable() or _NUMBER.search(answer.law):
        raise AnswerInvalid("`law` names act and article in 2 to 120 characters of one line, and nothing of a person.")
    today = service_date(now)
    if not today < answer.until <= _years_after(today):
        raise AnswerInvalid(f"`until` is a day after today, within {KEPT_AT_MOST_YEARS} years.")


def _years_after(day: date) -> date:
    # The last day of February may not be there.
    return date(day.year + KEPT_AT_MOST_YEARS, day.month, min(day.day, 28))
