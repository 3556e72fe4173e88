"""What becomes of a job that was leased: decided before it is done, or by how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from eztong.domain.jobs.job import LEASE, RULES, WORK_FOR, Job


class LeaseLost(Exception):
    """The lease lapsed, so that another worker has the job, or the job ended: nothing may be written for it."""


class NeverDone(Exception):
    """What a handler raises of a job that no further try can do: it is dropped, and counted as a failure."""


@dataclass(frozen=True, slots=True)
class LeasedJob:
    """A job that one worker alone may do, until ``lease``: the end of the lease is the fence of whatever settles it."""

    job: Job
    lease: datetime

    @property
    def may_begin_until(self) -> datetime:
        """When it is too late to begin, since the work itself must end within the lease."""
        return self.lease - LEASE + WORK_FOR


class Fate(Enum):
    """What becomes of a leased job; a handler says any but the last."""

    DONE = auto()
    """It is done, and whoever runs the jobs has to note it."""

    NOTED = auto()
    """It is done, and was ended in the same unit of work as what it led to."""

    POSTPONED = auto()
    """It failed, or somebody outside has no answer yet: it is tried again after a pause."""

    DROPPED = auto()
    """It is of no use any more."""

    HANDED_ON = auto()
    """Somebody else does it under the same lease, beside whoever runs the jobs, and settles it."""

    GIVEN_BACK = auto()
    """Somebody else does it, or it waits for something more urgent; it was not tried."""


def fate_before(leased: LeasedJob, *, now: datetime, is_overtaken: bool) -> Fate | None:
    """Decide whether a job is begun; None if so.

    1. What is of no use any more is dropped.
    2. What might not end within its lease, or is overtaken by something more urgent, is given back.
    """
    if leased.job.is_over(now=now):
        return Fate.DROPPED
    return Fate.GIVEN_BACK if is_overtaken or now >= leased.may_begin_until else None


def try_again_at(job: Job, *, now: datetime) -> datetime:
    """Return when a job that was tried just now is tried again."""
    return now + RULES[job.kind].backoff.pause_after(job.attempts)
