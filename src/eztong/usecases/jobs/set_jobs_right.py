"""Let go on what a clock put off that stood ahead for a while and was set right: retries, and leases that never end.

1. Look for what reaches further ahead than its kind can, without the write lock: nearly always nothing does.
2. Set it right in one unit of work, each apart, and only if it still stands as it was read.

Whoever serves does this again and again, also after a restart: the leap may have been before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eztong.domain.jobs.job import Job, JobKind
from eztong.domain.jobs.leap import ahead_of, set_right
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.usecases.apart import JOBS, each_by_itself


def set_jobs_right(*, services: Services) -> Mapping[JobKind, int]:
    """Return how many jobs of which kinds go on."""
    counts = {kind: _set_right_of(kind, services=services) for kind in JobKind}
    return {kind: count for kind, count in counts.items() if count}


def _set_right_of(kind: JobKind, *, services: Services) -> int:
    now = services.clock.now()
    with services.store.read() as stored:
        found = stored.jobs.reaching(kind, ahead_of(kind, now=now))
    wrong = [job for job in found if set_right(job, now=now) != job]
    return services.perform(SYSTEM, _set_right, wrong) if wrong else 0


def _set_right(act: Act, wrong: Sequence[Job]) -> int:
    done = list[bool]()
    each_by_itself(act, JOBS, wrong, lambda job: done.append(act.uow.jobs.set_right(job, set_right(job, now=act.now))))
    return sum(done)
