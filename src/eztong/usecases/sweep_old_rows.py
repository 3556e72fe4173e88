"""Remove rows that are older than the retention list lets them become (PIPL art. 19, 47).

They are looked for on a reader, which holds nobody up, and removed in small units of work between those of others; a
row that changed meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from eztong.domain.retention import SWEPT, Transient
from eztong.ports.services import Services
from eztong.ports.storage import UnitOfWork

BATCH = 200


def sweep_old_rows(*, services: Services, limit: int = BATCH) -> Mapping[Transient, int]:
    """Remove at most ``limit`` outdated rows of each kind; return how many of each kind went."""
    now = services.clock.now()
    removed = {kind: _sweep(kind, before=now - SWEPT[kind].after, limit=limit, services=services) for kind in Transient}
    return {kind: count for kind, count in removed.items() if count}


def _sweep(kind: Transient, *, before: datetime, limit: int, services: Services) -> int:
    with services.store.read() as stored:
        keys = stored.retention.outdated(kind, before=before, limit=limit)
    if not keys:
        return 0

    def job(uow: UnitOfWork) -> int:
        return sum(uow.retention.remove(kind, key, before=before) for key in keys)

    return services.store.write(job).value
