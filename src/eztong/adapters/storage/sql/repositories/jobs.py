"""Jobs over SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import (
    NOT_READABLE,
    as_bytes,
    reads,
    text_of,
    text_or_none,
    whole_of,
    whole_or_none,
)
from eztong.adapters.storage.sql.statements import Database, Row, Statement
from eztong.adapters.storage.sql.tables.jobs import jobs
from eztong.domain.identifiers import HolderId
from eztong.domain.jobs.job import CALENDAR, MOST_URGENT, Job, JobEnd, JobKind, UnreadableJob
from eztong.domain.jobs.leap import Ahead
from eztong.domain.notices import Priority
from eztong.ports.storage.jobs import JobRepository

_WAITS = jobs.c.ended_at.is_(None)
_DUE = (
    _WAITS,
    jobs.c.next_attempt_at <= bindparam("now"),
    or_(jobs.c.leased_until.is_(None), jobs.c.leased_until <= bindparam("now")),
)
# What ended is leased by nobody.
_LEASED = (jobs.c.job_id == bindparam("of_job"), jobs.c.leased_until == bindparam("lease"))
_ENDED = {
    "ended_at": bindparam("moment"),
    "ended_as": bindparam("as_what"),
    "sealed": bindparam("nothing"),
    "leased_until": null(),
}
# ON CONFLICT is written alike by SQLite and PostgreSQL, and this construct compiles for both.
_ADD = Statement(
    insert(jobs).on_conflict_do_nothing(index_elements=[jobs.c.kind, jobs.c.key], index_where=_WAITS),
    keys=jobs.columns.keys(),
)
_CELLS = as_bytes(jobs.columns)
_DUE_JOBS = Statement(
    select(*_CELLS)
    .where(jobs.c.kind == bindparam("kind"), *_DUE)
    .order_by(jobs.c.priority, jobs.c.next_attempt_at, jobs.c.job_id)
    .limit(bindparam("at_most"))
)
_PRIORITIES = sorted({MOST_URGENT, *map(int, Priority)})


def _is_due(kind: JobKind) -> Select[Any]:
    """Return a select of the kind if something of it is due; by each priority, which the index has before the time."""
    name: ColumnElement[str] = literal_column(f"'{kind.value}'")
    of_kind = (jobs.c.kind == name, jobs.c.priority.in_([literal_column(str(one)) for one in _PRIORITIES]))
    return select(name).where(exists(select(jobs.c.job_id).where(*of_kind, *_DUE)))


_KINDS_DUE = Statement(union_all(*map(_is_due, JobKind)))
_MORE_URGENT = Statement(
    select(*_CELLS)
    .where(jobs.c.kind == bindparam("kind"), *_DUE, jobs.c.priority < bindparam("before"))
    .limit(bindparam("at_most"))
)
_LEASE = Statement(
    update(jobs).where(jobs.c.job_id == bindparam("of_job"), *_DUE).values(leased_until=bindparam("until"))
)
_END = Statement(update(jobs).where(*_LEASED).values(**_ENDED))
_POSTPONE = Statement(
    update(jobs)
    .where(*_LEASED)
    .values(next_attempt_at=bindparam("until"), attempts=jobs.c.attempts + bindparam("one"), leased_until=null())
)
_GIVE_BACK = Statement(update(jobs).where(*_LEASED).values(leased_until=null()))
_FREE = Statement(
    update(jobs)
    .where(jobs.c.kind == bindparam("of_kind"), _WAITS, jobs.c.leased_until.is_not(None))
    .values(leased_until=null())
)
_IS_PROMPT = or_(jobs.c.attempts > 0, jobs.c.next_attempt_at - jobs.c.created_at <= bindparam("prompt"))
_REACHING = Statement(
    select(*_CELLS).where(
        jobs.c.kind == bindparam("kind"),
        _WAITS,
        or_(
            and_(jobs.c.next_attempt_at > bindparam("next_try"), _IS_PROMPT),
            jobs.c.leased_until > bindparam("lease"),
        ),
    )
)
_SET_RIGHT = Statement(
    update(jobs)
    .where(
        jobs.c.job_id == bindparam("of_job"),
        _WAITS,
        jobs.c.next_attempt_at == bindparam("was_next"),
        func.coalesce(jobs.c.leased_until, bindparam("no_lease")) == bindparam("was_lease"),
    )
    .values(next_attempt_at=bindparam("next_try"), leased_until=bindparam("lease"))
)
_BRING_FORWARD = Statement(
    update(jobs)
    .where(
        jobs.c.kind == bindparam("of_kind"),
        jobs.c.key == bindparam("of_key"),
        _WAITS,
        jobs.c.next_attempt_at > bindparam("moment"),
    )
    .values(next_attempt_at=bindparam("moment"))
)
_NO_LEASE: Final = -1
_WITHDRAW = Statement(update(jobs).where(jobs.c.holder_id == bindparam("of_holder"), _WAITS).values(**_ENDED))
_WAITING = Statement(select(*_CELLS).where(jobs.c.kind == bindparam("kind"), jobs.c.key == bindparam("key"), _WAITS))
_KNOWN_KINDS: list[ColumnElement[str]] = [literal_column(f"'{kind.value}'") for kind in JobKind]
_QUEUES: list[ColumnElement[str]] = [literal_column(f"'{kind.value}'") for kind in JobKind if kind not in CALENDAR]
_OF_HOLDER = Statement(
    select(*_CELLS)
    .where(jobs.c.holder_id == bindparam("holder_id"), jobs.c.kind.in_(_KNOWN_KINDS))
    .order_by(jobs.c.job_id)
)
_DEPTHS = Statement(select(jobs.c.kind, func.count()).where(_WAITS, jobs.c.kind.in_(_QUEUES)).group_by(jobs.c.kind))
_OLDEST = Statement(
    select(jobs.c.kind, func.min(jobs.c.created_at)).where(_WAITS, jobs.c.kind.in_(_QUEUES)).group_by(jobs.c.kind)
)
_MANY: Final = 50
"""Among so many that are more urgent one can be read, if any can."""


class SqlJobs(JobRepository):
    """The table of jobs."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, job: Job) -> bool:
        row = {
            "job_id": job.job_id,
            "kind": job.kind.value,
            "key": job.key,
            "topic": job.topic,
            "holder_id": job.holder_id,
            "sealed": job.sealed,
            "priority": int(job.priority),
            "created_at": to_ms(job.created_at),
            "next_attempt_at": to_ms(job.next_attempt_at),
            "attempts": job.attempts,
            "expires_at": to_ms_or_none(job.expires_at),
            "leased_until": to_ms_or_none(job.leased_until),
            "ended_at": to_ms_or_none(job.ended_at),
            "ended_as": None if job.ended_as is None else job.ended_as.value,
        }
        return self._db.run(_ADD, row) == 1

    @override
    def bring_forward(self, kind: JobKind, key: str, *, to: datetime) -> bool:
        return self._db.run(_BRING_FORWARD, {"of_kind": kind.value, "of_key": key, "moment": to_ms(to)}) == 1

    @override
    def due(self, kind: JobKind, *, now: datetime, limit: int) -> Sequence[Job | UnreadableJob]:
        params = {"kind": kind.value, "now": to_ms(now), "at_most": limit}
        return [_job_or_not(row) for row in self._db.all(_DUE_JOBS, params)]

    @override
    def kinds_due(self, *, now: datetime) -> Collection[JobKind]:
        # The words are the statement's own, not cells of rows.
        return {JobKind(kind) for (kind,) in self._db.all(_KINDS_DUE, {"now": to_ms(now)})}

    @override
    def has_due(self, kind: JobKind, *, before: int, now: datetime) -> bool:
        params = {"kind": kind.value, "now": to_ms(now), "before": before, "at_most": _MANY}
        return any(isinstance(_job_or_not(row), Job) for row in self._db.all(_MORE_URGENT, params))

    @override
    def lease(self, job_id: str, *, now: datetime, until: datetime) -> bool:
        return self._db.run(_LEASE, {"of_job": job_id, "now": to_ms(now), "until": to_ms(until)}) == 1

    @override
    def end(self, job_id: str, end: JobEnd, *, lease: datetime, now: datetime) -> bool:
        return self._settle(_END, job_id, lease, moment=to_ms(now), as_what=end.value, nothing=b"")

    @override
    def postpone(self, job_id: str, *, lease: datetime, until: datetime) -> bool:
        return self._settle(_POSTPONE, job_id, lease, until=to_ms(until), one=1)

    @override
    def give_back(self, job_id: str, *, lease: datetime) -> bool:
        return self._settle(_GIVE_BACK, job_id, lease)

    @override
    def free(self, kind: JobKind) -> int:
        return self._db.run(_FREE, {"of_kind": kind.value})

    @override
    def reaching(self, kind: JobKind, ahead: Ahead) -> Sequence[Job]:
        params = {
            "kind": kind.value,
            "next_try": to_ms(ahead.next_try),
            "lease": to_ms(ahead.lease),
            "prompt": ahead.prompt // timedelta(milliseconds=1),
        }
        found = [_job_or_not(row) for row in self._db.all(_REACHING, params)]
        return [job for job in found if isinstance(job, Job)]

    @override
    def set_right(self, before: Job, after: Job) -> bool:
        params = {
            "of_job": before.job_id,
            "was_next": to_ms(before.next_attempt_at),
            "was_lease": _NO_LEASE if before.leased_until is None else to_ms(before.leased_until),
            "no_lease": _NO_LEASE,
            "next_try": to_ms(after.next_attempt_at),
            "lease": to_ms_or_none(after.leased_until),
        }
        return self._db.run(_SET_RIGHT, params) == 1

    @override
    def withdraw(self, holder_id: HolderId, *, now: datetime) -> int:
        ended = {"moment": to_ms(now), "as_what": JobEnd.WITHDRAWN.value, "nothing": b""}
        return self._db.run(_WITHDRAW, {"of_holder": holder_id, **ended})

    @override
    def waiting(self, kind: JobKind, key: str) -> Job | None:
        row = self._db.one(_WAITING, {"kind": kind.value, "key": key})
        return None if row is None else _read_job(row)

    @override
    def of_holder(self, holder_id: HolderId) -> Sequence[Job]:
        found = [_job_or_not(row) for row in self._db.all(_OF_HOLDER, {"holder_id": holder_id})]
        return [job for job in found if isinstance(job, Job)]

    @override
    def depths(self) -> Mapping[JobKind, int]:
        counts = {row[0]: row[1] for row in self._db.all(_DEPTHS, {})}
        return {kind: counts.get(kind.value, 0) for kind in JobKind if kind not in CALENDAR}

    @override
    def oldest(self) -> Mapping[JobKind, datetime]:
        found = {row[0]: row[1] for row in self._db.all(_OLDEST, {})}
        return {kind: from_ms(found[kind.value]) for kind in JobKind if kind.value in found}

    def _settle(self, statement: Statement, job_id: str, lease: datetime, **values: int | str | bytes) -> bool:
        return self._db.run(statement, {"of_job": job_id, "lease": to_ms(lease), **values}) == 1


def _job_or_not(row: Row) -> Job | UnreadableJob:
    try:
        return _job(row)
    except NOT_READABLE as error:
        return UnreadableJob(row=row[0], failure=type(error).__name__)


def _job(row: Row) -> Job:
    return Job(
        job_id=text_of(row[0]),
        kind=JobKind(text_of(row[1])),
        key=text_of(row[2]),
        topic=text_or_none(row[3]),
        holder_id=HolderId(text_of(row[4])) if row[4] else None,
        sealed=row[5],
        priority=whole_of(row[6]),
        created_at=from_ms(whole_of(row[7])),
        next_attempt_at=from_ms(whole_of(row[8])),
        attempts=whole_of(row[9]),
        expires_at=from_ms_or_none(whole_or_none(row[10])),
        leased_until=from_ms_or_none(whole_or_none(row[11])),
        ended_at=from_ms_or_none(whole_or_none(row[12])),
        ended_as=None if row[13] is None else JobEnd(text_of(row[13])),
    )


_read_job = reads(jobs)(_job)
