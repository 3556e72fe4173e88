"""Do the due jobs of a kind, at least once each, with growing pauses after failures.

1. Lease what is due, the most urgent first, in one unit of work, each apart. A row that cannot be read or leased is a
   failed try: it is left where it is, stops no other, and is looked at again after a pause.
2. Do each by the handler of its kind, outside any unit of work. One that fails, whatever it raises, is postponed and
   stops no other; what is of no use any more is dropped; half-way through the lease, and as soon as something more
   urgent waits, the rest is given back.
3. Note what became of all of them in one unit of work, each apart and if its lease still holds; then tell metrics and
   log.

A crash between 2 and 3 leaves leases that lapse; what was done is then done again, unless its handler noted it itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost, NeverDone, fate_before, try_again_at
from eztong.domain.jobs.job import LEASE, MOST_URGENT, RULES, Job, JobEnd, JobKind, UnreadableJob
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.usecases.apart import JOBS, each_by_itself
from eztong.usecases.jobs.queue_run import QueueRun, counted
from eztong.usecases.jobs.unreadable import UnreadableJobs

Handler: TypeAlias = Callable[[LeasedJob], Fate]
"""Does one job outside any unit of work. It may raise whatever it likes; :class:`Fate` says what it may return."""

_NOT_LEASED: Final = "NotLeased"
"""The kind of failure where the store refuses to change the row of a job; why, was counted and logged."""


@dataclass(frozen=True, slots=True)
class _Went:
    """How a leased job went; ``failure`` is the kind of what it raised, never its text."""

    leased: LeasedJob
    fate: Fate
    failure: str = ""


def run_due(
    kind: JobKind,
    handler: Handler,
    *,
    services: Services,
    limit: int | None = None,
    unreadable: UnreadableJobs | None = None,
) -> QueueRun:
    """Do at most ``limit`` due jobs of ``kind``; None: as many as its rule says.

    Who runs a queue again and again keeps what it knows of its ``unreadable`` rows.
    """
    at_most = RULES[kind].at_once if limit is None else limit
    known = UnreadableJobs(kind) if unreadable is None else unreadable
    due = _find_due(kind, limit=at_most + len(known), services=services)
    now = services.clock.now()
    unread = [one for one in due if isinstance(one, UnreadableJob)]
    resting = [one for one in due if isinstance(one, Job) and known.rests(_row(one), now=now)]
    readable = [one for one in due if isinstance(one, Job) and one not in resting][:at_most]
    leased, failed = services.perform(SYSTEM, _lease, readable) if readable else ((), ())
    met = known.try_again([*unread, *map(_not_leased, [*resting, *failed])], now=now)
    went = [_do(one, handler, known, services=services) for one in leased]
    settled = services.perform(SYSTEM, _settle, went) if went else ()
    outcome = list(zip(went, settled, strict=True))
    return QueueRun(
        done=sum(one.fate in (Fate.DONE, Fate.NOTED) and held for one, held in outcome),
        failures=counted(kind.value, [*met, *_failures(outcome)], observer=services.observer),
        again=len(leased) == at_most or any(one.fate is Fate.GIVEN_BACK for one in went),
    )


def do_leased(leased: LeasedJob, handler: Handler, *, services: Services) -> QueueRun:
    """Do one job that was handed on under its lease, and settle it as :func:`run_due` would have."""
    went = _try(leased, handler)
    held = went.fate is Fate.NOTED or services.perform(SYSTEM, _settle, [went])[0]
    failures = counted(leased.job.kind.value, _failures([(went, held)]), observer=services.observer)
    return QueueRun(done=int(held), failures=failures)


def _find_due(kind: JobKind, *, limit: int, services: Services) -> Sequence[Job | UnreadableJob]:
    with services.store.read() as stored:
        return stored.jobs.due(kind, now=services.clock.now(), limit=limit)


def _lease(act: Act, due: Sequence[Job]) -> tuple[Sequence[LeasedJob], Sequence[Job]]:
    """Lease what is still due; return it, and those whose rows the store refuses to change."""
    until, leased = act.now + LEASE, list[LeasedJob]()

    def lease(job: Job) -> None:
        if act.uow.jobs.lease(job.job_id, now=act.now, until=until):
            leased.append(LeasedJob(job, until))

    failed = each_by_itself(act, JOBS, due, lease)
    return leased, failed


def _row(job: Job) -> bytes:
    # Not the row's own name: one that could not be read before is tried as soon as it can.
    return b"not leased " + job.job_id.encode()


def _not_leased(job: Job) -> UnreadableJob:
    return UnreadableJob(row=_row(job), failure=_NOT_LEASED)


def _do(leased: LeasedJob, handler: Handler, known: UnreadableJobs, *, services: Services) -> _Went:
    now = services.clock.now()
    fate = fate_before(leased, now=now, is_overtaken=_is_overtaken(leased.job, known, now=now, services=services))
    return _try(leased, handler) if fate is None else _Went(leased, fate)


def _try(leased: LeasedJob, handler: Handler) -> _Went:
    try:
        return _Went(leased, handler(leased))
    except NeverDone as error:
        return _Went(leased, Fate.DROPPED, type(error).__name__)
    except Exception as error:  # noqa: BLE001 - whatever a handler lets out, the next job goes on
        return _Went(leased, Fate.POSTPONED, type(error).__name__)


def _is_overtaken(job: Job, known: UnreadableJobs, *, now: datetime, services: Services) -> bool:
    """Say whether something more urgent waits; what cannot be leased overtakes nothing."""
    if job.priority <= MOST_URGENT:
        return False
    with services.store.read() as stored:
        if not stored.jobs.has_due(job.kind, before=job.priority, now=now):
            return False
        first = stored.jobs.due(job.kind, now=now, limit=len(known) + 1) if len(known) else ()
    urgent = [one for one in first if isinstance(one, Job) and one.priority < job.priority]
    return not len(known) or any(not known.rests(_row(one), now=now) for one in urgent)


def _settle(act: Act, went: Sequence[_Went]) -> Sequence[bool]:
    """Note what became of the jobs; say of each whether its lease still held."""
    held = [False] * len(went)

    def settle(place: int) -> None:
        held[place] = _settle_one(act, went[place])

    each_by_itself(act, JOBS, range(len(went)), settle)
    return held


def _settle_one(act: Act, went: _Went) -> bool:
    job, lease, jobs = went.leased.job, went.leased.lease, act.uow.jobs
    match went.fate:
        case Fate.NOTED | Fate.HANDED_ON:
            return True
        case Fate.DONE:
            return jobs.end(job.job_id, JobEnd.DONE, lease=lease, now=act.now)
        case Fate.DROPPED:
            return jobs.end(job.job_id, JobEnd.DROPPED, lease=lease, now=act.now)
        case Fate.POSTPONED:
            return jobs.postpone(job.job_id, lease=lease, until=try_again_at(job, now=act.now))
        case Fate.GIVEN_BACK:
            return jobs.give_back(job.job_id, lease=lease)


def _failures(outcome: Sequence[tuple[_Went, bool]]) -> Iterator[str]:
    for went, held in outcome:
        yield from {went.failure, "" if held else LeaseLost.__name__} - {""}
