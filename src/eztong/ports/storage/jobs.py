"""The port of jobs: work that was decided together with state and is done later, by one worker at a time.

A worker leases a job by one conditional change, does the work outside any unit of work, and settles the job afterwards.
The end of the lease stands in the row and is the fence: only the lease that a worker took settles, so any number of
workers can share the table. A worker that dies between the work and its settling leaves a lease that lapses, and the
job is done again: **at least once**, never less, and more often only then. What must not happen twice is ended in the
same unit of work as what it led to, or recognised by the job's id where it arrives.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.identifiers import HolderId
from eztong.domain.jobs.job import Job, JobEnd, JobKind, UnreadableJob
from eztong.domain.jobs.leap import Ahead


class JobRepository(Protocol):
    """Jobs that wait, and ended ones for a while. ``lease`` is the end of the lease that the caller took."""

    def add(self, job: Job) -> bool:
        """Queue a job, leased if it says so; return whether it was, as the same work may wait already."""
        ...

    def bring_forward(self, kind: JobKind, key: str, *, to: datetime) -> bool:
        """Let a waiting job that is to be tried later be tried ``to`` then; return whether there was one."""
        ...

    def due(self, kind: JobKind, *, now: datetime, limit: int) -> Sequence[Job | UnreadableJob]:
        """Return waiting jobs whose time has come and that nobody leases: the most urgent, then the oldest.

        A row that cannot be read comes as such, and keeps no other back.
        """
        ...

    def kinds_due(self, *, now: datetime) -> Collection[JobKind]:
        """Return the kinds of which :meth:`due` has something, at the cost of one look however many jobs wait."""
        ...

    def has_due(self, kind: JobKind, *, before: int, now: datetime) -> bool:
        """Say whether a job of this kind with a lower priority number than ``before`` is due, and can be read."""
        ...

    def lease(self, job_id: str, *, now: datetime, until: datetime) -> bool:
        """Take the job for this worker by one conditional change; return whether it was still due and free."""
        ...

    def end(self, job_id: str, end: JobEnd, *, lease: datetime, now: datetime) -> bool:
        """End the job and empty its payload; return whether the lease still held."""
        ...

    def postpone(self, job_id: str, *, lease: datetime, until: datetime) -> bool:
        """Count a try and wait until ``until``; return whether the lease still held."""
        ...

    def give_back(self, job_id: str, *, lease: datetime) -> bool:
        """End the lease without a try; return whether it still held."""
        ...

    def free(self, kind: JobKind) -> int:
        """End every lease of this kind without a try, for whoever knows that nobody works; return how many."""
        ...

    def reaching(self, kind: JobKind, ahead: Ahead) -> Sequence[Job]:
        """Return waiting jobs whose lease, or whose next try where they wait for no day, lies beyond ``ahead``.

        A row that cannot be read is left out.
        """
        ...

    def set_right(self, before: Job, after: Job) -> bool:
        """Change next try and lease of a waiting job; return whether it still stood as ``before`` says."""
        ...

    def withdraw(self, holder_id: HolderId, *, now: datetime) -> int:
        """End whatever waits for this account, leased or not, and empty it; return how many jobs that were."""
        ...

    def waiting(self, kind: JobKind, key: str) -> Job | None:
        """Return the job of this kind and key that waits."""
        ...

    def of_holder(self, holder_id: HolderId) -> Sequence[Job]:
        """Return the account's jobs of the kinds that this version knows and that can be read, oldest first."""
        ...

    def oldest(self) -> Mapping[JobKind, datetime]:
        """Return since when the oldest job of each kind waits, of those that :meth:`depths` counts."""
        ...

    def depths(self) -> Mapping[JobKind, int]:
        """Return how many jobs of each kind wait, but for those that wait for a day of their account's own."""
        ...
