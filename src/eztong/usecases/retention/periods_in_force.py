"""How long each kind is kept now, and how many rows go earlier with other periods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from eztong.domain.damage import RowDamaged
from eztong.domain.retention.bounds import KeptKind
from eztong.domain.retention.kept import Transient
from eztong.domain.retention.version import Periods, periods_at
from eztong.ports.storage.repositories import Repositories

COUNTED: Final = 10_000
"""Up to so many rows of a kind are counted; more are said to be more."""


def periods_in_force(*, stored: Repositories, now: datetime) -> Periods:
    """Return the periods that hold.

    Raises:
        RowDamaged: a published version cannot be read. Whoever sweeps then sweeps nothing: it may have kept longer.
    """
    found = stored.retention_versions.published()
    if found.unreadable:
        raise RowDamaged("retention_versions", "periods")
    return periods_at(found.those, now=now)


def count_earlier(there: Periods, wanted: Periods, *, at: datetime, stored: Repositories) -> Mapping[KeptKind, int]:
    """Return, of each kind that is kept for a shorter time, how many rows go at ``at`` that would have stayed then.

    It counts up to :data:`COUNTED`, and one more where there are more.
    """
    return {kind: _counted(kind, there, wanted, at=at, stored=stored) for kind in there.shortened_by(wanted)}


def _counted(kind: KeptKind, there: Periods, wanted: Periods, *, at: datetime, stored: Repositories) -> int:
    beyond = _beyond(kind, at - wanted.after(kind), stored=stored)
    # Where there are more than are counted, how many of them wait anyway is no matter.
    return beyond if beyond > COUNTED else beyond - _beyond(kind, at - there.after(kind), stored=stored)


def _beyond(kind: KeptKind, before: datetime, *, stored: Repositories) -> int:
    rows, limit = stored.retention, COUNTED + 1
    if isinstance(kind, Transient):
        return len(rows.outdated(kind, before=before, limit=limit))
    return len(rows.outlived(kind, before=before, limit=limit))
