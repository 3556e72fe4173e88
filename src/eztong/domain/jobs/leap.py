"""Jobs that a clock put off which stood ahead: once it is right again, they must not wait for as long as it leapt.

Only a clock that stood ahead sets a retry further away than the longest pause of its kind, or lets a lease end further
away than any does. What is meant for a far day (a cooling, a check, a term) was set so when it was decided, and waits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from eztong.domain.jobs.job import LEASE, RULES, Job, JobKind

KNOWS_NO_DAY: Final = frozenset({JobKind.BIRTHDAY})
"""Kinds that do what they do whenever they are called: one that was put off is not called before its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What no job of a kind reaches under a clock that is right; some that are meant for a far day lie beyond, too."""

    next_try: datetime
    lease: datetime
    prompt: timedelta
    """What waits no longer than this for its first try waits for no day, but for a worker."""


def ahead_of(kind: JobKind, *, now: datetime) -> Ahead:
    """Return how far a job of this kind can reach."""
    longest = RULES[kind].backoff.longest
    return Ahead(next_try=now + longest, lease=now + LEASE, prompt=longest)


def set_right(job: Job, *, now: datetime) -> Job:
    """Return a waiting job as it stands once what only a clock that stood ahead can have set is set right.

    1. A lease that ends further away than a lease lasts is over.
    2. What somebody is at is left alone.
    3. A retry, and what was due when it was decided, that lies further away than the longest pause is due now.
    """
    ahead = ahead_of(job.kind, now=now)
    if job.leased_until is not None and job.leased_until > ahead.lease:
        job = replace(job, leased_until=None)
    is_worked_at = job.leased_until is not None and job.leased_until > now
    is_prompt = job.attempts > 0 or job.next_attempt_at - job.created_at <= ahead.prompt
    if not is_worked_at and is_prompt and job.next_attempt_at > ahead.next_try and job.kind not in KNOWS_NO_DAY:
        job = replace(job, next_attempt_at=now)
    return job
