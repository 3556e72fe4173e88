"""Remove rows, and empty values, that are older than the retention list lets them become (PIPL art. 19, 47).

They are looked for on a reader, which holds nobody up, and removed in small units of work between those of others; a
row that changed meanwhile stays. A kind or a row that cannot be swept, whatever it raises, keeps no other from it.
Where it cannot be read what operators chose, nothing goes whose period they may choose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from eztong.domain.damage import RowDamaged
from eztong.domain.retention.bounds import BOUNDS, KeptKind, usual_period
from eztong.domain.retention.kept import Outlived, Transient
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.ports.storage.retention.rows import RowKey
from eztong.usecases.apart import each_by_itself
from eztong.usecases.jobs.queue_run import counted, tried
from eztong.usecases.retention.periods_in_force import periods_in_force

QUEUE = "retention"
BATCH = 200


@dataclass(frozen=True, slots=True)
class Sweep:
    """How many rows of each kind went or were emptied, and which failures there were, by kind of failure."""

    removed: Mapping[Transient, int]
    emptied: Mapping[Outlived, int]
    failures: Mapping[str, int]


def sweep_old_rows(*, services: Services, limit: int = BATCH) -> Sweep:
    """Remove at most ``limit`` outdated rows of each kind, and empty as many of each kind of values."""
    now = services.clock.now()
    after = _periods(services, now)
    removed, emptied = dict[Transient, int](), dict[Outlived, int]()

    def sweep(kind: Transient) -> None:
        count = _sweep(kind, before=now - after(kind), limit=limit, services=services)
        if count:
            removed[kind] = count

    def empty(kind: Outlived) -> None:
        count = _empty_old(kind, before=now - after(kind), limit=limit, services=services)
        if count:
            emptied[kind] = count

    failed = [failure for _, failure in (*tried(Transient, sweep), *tried(Outlived, empty))]
    return Sweep(removed, emptied, counted(QUEUE, failed, observer=services.observer))


def _periods(services: Services, now: datetime) -> Callable[[KeptKind], timedelta]:
    try:
        with services.store.read() as stored:
            return periods_in_force(stored=stored, now=now).after
    except RowDamaged as error:
        damage = error

    def usual(kind: KeptKind) -> timedelta:
        if kind in BOUNDS:
            raise damage
        return usual_period(kind)

    return usual


def _sweep(kind: Transient, *, before: datetime, limit: int, services: Services) -> int:
    with services.store.read() as stored:
        keys = stored.retention.outdated(kind, before=before, limit=limit)
    return services.perform(SYSTEM, _remove, kind, keys, before=before) if keys else 0


def _empty_old(kind: Outlived, *, before: datetime, limit: int, services: Services) -> int:
    with services.store.read() as stored:
        keys = stored.retention.outlived(kind, before=before, limit=limit)
    return services.perform(SYSTEM, _empty, kind, keys, before=before) if keys else 0


def _empty(act: Act, kind: Outlived, keys: Sequence[RowKey], *, before: datetime) -> int:
    done: list[bool] = []
    each_by_itself(act, QUEUE, keys, lambda key: done.append(act.uow.retention.empty(kind, key, before=before)))
    return sum(done)


def _remove(act: Act, kind: Transient, keys: Sequence[RowKey], *, before: datetime) -> int:
    gone: list[bool] = []
    each_by_itself(act, QUEUE, keys, lambda key: gone.append(act.uow.retention.remove(kind, key, before=before)))
    return sum(gone)
