"""Let what a server that died was at be done at once, not after its leases: one process serves a data folder.

Whoever begins to serve does this before it works at a queue.
"""

from __future__ import annotations

from eztong.domain.jobs.job import OF_SERVER, JobKind
from eztong.ports.act import Act


def free_leases(act: Act, kind: JobKind) -> int:
    """End the leases of ``kind`` that a server before this one left; return how many."""
    return act.uow.jobs.free(kind) if kind in OF_SERVER else 0
