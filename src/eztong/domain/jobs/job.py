"""A job: a piece of work that was decided together with state, and is done later by whoever leases it.

A job is an alarm clock and, at most, a sealed payload. What it is about (an application, a request) decides by its own
state whether there still is anything to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.identifiers import HolderId
from eztong.domain.jobs.backoff import Backoff

MOST_URGENT: Final = 0
"""The priority that nothing of the same kind overtakes; kinds without classes have no other."""

LEASE: Final = timedelta(minutes=2)
"""For how long one worker alone may do a job: longer than any outside party is waited for."""

WORK_FOR: Final = LEASE / 2
"""For how long a worker begins jobs under one lease, so that one slow job more does not outlast it."""


class JobKind(StrEnum):
    """What is to be done. The value is the queue's name in rows, metrics and logs, and payloads are bound to it."""

    MESSAGE = "outbox"
    REGISTRATION = "registrations"
    REFUSAL = "refusals"
    DEREGISTRATION = "deregistrations"
    REVOCATION = "revocations"
    PHONE_CHANGE = "phone_changes"
    BIRTHDAY = "birthdays"
    DOCUMENT = "documents"
    RECHECK = "rechecks"
    TALK = "talks"
    ASSISTANCE = "assistances"
    DEATH = "deaths"
    WEBHOOK = "webhooks"
    WEBHOOK_RETRY = "webhook_retries"
    """Endpoints that failed last or never answered yet: apart, so that nobody waits for them but they themselves."""
    PARTNER = "partners"
    KEY_CEREMONY = "key_ceremonies"
    """To make the key that two operators agreed on at the console."""


class JobEnd(StrEnum):
    """How a job ended: done, of no use any more, or taken back together with what it was about."""

    DONE = "done"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRule:
    """How jobs of a kind are done: how long one waits after each failure, and how many are leased at once."""

    backoff: Backoff
    at_once: int


RULES: Final[Mapping[JobKind, JobRule]] = {
    JobKind.MESSAGE: JobRule(backoff=Backoff(timedelta(seconds=2), timedelta(minutes=10)), at_once=50),
    JobKind.REGISTRATION: JobRule(backoff=Backoff(timedelta(seconds=30), timedelta(minutes=15)), at_once=20),
    # A partner waits for it, and it asks nobody outside.
    JobKind.REFUSAL: JobRule(backoff=Backoff(timedelta(seconds=1), timedelta(seconds=15)), at_once=20),
    # Days lie between the end of the cooling and the end of the clause's period.
    JobKind.DEREGISTRATION: JobRule(backoff=Backoff(timedelta(seconds=30), timedelta(minutes=15)), at_once=10),
    # Nobody waits for it, and an authority may be away for days.
    JobKind.REVOCATION: JobRule(backoff=Backoff(timedelta(seconds=30), timedelta(hours=1)), at_once=20),
    JobKind.PHONE_CHANGE: JobRule(backoff=Backoff(timedelta(seconds=30), timedelta(minutes=15)), at_once=20),
    JobKind.BIRTHDAY: JobRule(backoff=Backoff(timedelta(seconds=30), timedelta(minutes=15)), at_once=20),
    JobKind.DOCUMENT: JobRule(backoff=Backoff(timedelta(seconds=30), timedelta(hours=1)), at_once=50),
    # Nobody waits for it, and the authority has more urgent questions to answer.
    JobKind.RECHECK: JobRule(backoff=Backoff(timedelta(minutes=5), timedelta(hours=6)), at_once=10),
    JobKind.TALK: JobRule(backoff=Backoff(timedelta(seconds=30), timedelta(minutes=15)), at_once=20),
    JobKind.ASSISTANCE: JobRule(backoff=Backoff(timedelta(seconds=30), timedelta(minutes=15)), at_once=20),
    JobKind.DEATH: JobRule(backoff=Backoff(timedelta(minutes=5), timedelta(hours=6)), at_once=10),
    # A job stands for an endpoint, and each try has a slot of its own.
    JobKind.WEBHOOK: JobRule(backoff=Backoff(timedelta(seconds=10), timedelta(hours=6)), at_once=32),
    JobKind.WEBHOOK_RETRY: JobRule(backoff=Backoff(timedelta(seconds=10), timedelta(hours=6)), at_once=32),
    JobKind.PARTNER: JobRule(backoff=Backoff(timedelta(seconds=30), timedelta(minutes=15)), at_once=1),
    # Two people wait for it.
    JobKind.KEY_CEREMONY: JobRule(backoff=Backoff(timedelta(seconds=2), timedelta(minutes=5)), at_once=1),
}


CALENDAR: Final = frozenset(
    {
        JobKind.DOCUMENT,
        JobKind.RECHECK,
        JobKind.BIRTHDAY,
        JobKind.TALK,
        JobKind.ASSISTANCE,
        JobKind.DEATH,
        JobKind.WEBHOOK,
        JobKind.WEBHOOK_RETRY,
    }
)
"""Kinds that may wait for a day far ahead, of accounts or endpoints: how many wait says nothing of a backlog."""

NOT_UNDONE: Final = frozenset(
    {JobKind.DEREGISTRATION, JobKind.PHONE_CHANGE, JobKind.DEATH, JobKind.BIRTHDAY, JobKind.TALK, JobKind.KEY_CEREMONY}
)
"""Kinds that carry out what was waited for, and that nothing brings back: they rest while the clock is in doubt, and
after a database went back, in which what was stopped since waits again."""

OF_SERVER: Final = (
    frozenset({JobKind.MESSAGE, JobKind.REFUSAL, JobKind.DEREGISTRATION, JobKind.REVOCATION, JobKind.PHONE_CHANGE})
    | frozenset({JobKind.PARTNER, JobKind.KEY_CEREMONY})
    | CALENDAR
)
"""Kinds that only a serving process works at, and that may be done again: a lease from before its start is nobody's.

An application may be leased to a command that runs beside the server.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A stored job.

    ``key`` names the work among those of its kind; the same work waits once only. ``sealed`` is a payload of personal
    data, sealed by the service and emptied when the job ends. ``topic`` tells a person who looks at the rows more than
    the kind; nothing is decided by it before the job is done, so that a row which cannot be read keeps no other back.
    ``holder_id`` is the account that it is about. Of two that are due, the one with the lower ``priority`` goes first.
    ``expires_at`` is when the work is of no use any more, ``leased_until`` until when one worker alone may do it.
    """

    job_id: str
    kind: JobKind
    key: str
    created_at: datetime
    next_attempt_at: datetime
    priority: int = MOST_URGENT
    topic: str | None = None
    holder_id: HolderId | None = None
    sealed: bytes = b""
    attempts: int = 0
    expires_at: datetime | None = None
    leased_until: datetime | None = None
    ended_at: datetime | None = None
    ended_as: JobEnd | None = None

    def is_over(self, *, now: datetime) -> bool:
        """Say whether the work is of no use any more."""
        return self.expires_at is not None and now >= self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableJob:
    """A row of the queue that is damaged: its id as it is stored, and the kind of failure that reading it met."""

    row: bytes
    failure: str


def payload_place(kind: JobKind, job_id: str) -> tuple[str, str, str]:
    """Return what the payload of a job is bound to: one whose kind or id was changed does not open."""
    return (kind.value, job_id, "sealed")
