"""What waits in a database that went back, and rests until an operator has looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import LargeBinary, cast, func, select

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import readable, reads, text_of, text_or_none, whole_of
from eztong.adapters.storage.sql.statements import Row
from eztong.adapters.storage.sql.tables.deregistration.deregistrations import deregistrations
from eztong.adapters.storage.sql.tables.holders import holders
from eztong.adapters.storage.sql.tables.jobs import jobs
from eztong.adapters.storage.sqlite.schema import reading
from eztong.domain.holder import HolderState
from eztong.domain.jobs.job import NOT_UNDONE

SOON: Final = timedelta(hours=72)
"""What is due later can still be stopped by whom it is about after a release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Something that is carried out once it is released: which queue, whose account, since when and from when on."""

    kind: str
    holder_id: str
    since: datetime
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatWaits:
    """What waits, the earliest due first, and how many applications wait for an answer of their applicants."""

    those: Sequence[Waits]
    unreadable: int
    applications: int


def waiting(database: Path, *, now: datetime) -> WhatWaits:
    """Return what waits and is due before :data:`SOON` from ``now`` on.

    Raises:
        DatabaseDamaged, Unavailable: the database cannot be read.
    """
    # A deregistration's job names its ticket alone.
    account = func.coalesce(jobs.c.holder_id, deregistrations.c.holder_id)
    due = (
        select(*(cast(cell, LargeBinary) for cell in (jobs.c.kind, account, jobs.c.created_at, jobs.c.next_attempt_at)))
        .outerjoin_from(jobs, deregistrations, deregistrations.c.ticket_id == jobs.c.key)
        .where(
            jobs.c.ended_at.is_(None),
            jobs.c.kind.in_([kind.value for kind in NOT_UNDONE]),
            jobs.c.next_attempt_at <= to_ms(now + SOON),
        )
        .order_by(jobs.c.next_attempt_at, jobs.c.job_id)
    )
    asked = select(func.count()).where(holders.c.state == HolderState.SUPPLEMENT_NEEDED.value)
    with reading(database) as connection:
        rows = connection.execute(due).all()
        applications: int = connection.execute(asked).scalar_one()
    those = readable(_waits, rows)
    return WhatWaits(those=those, unreadable=len(rows) - len(those), applications=applications)


@reads(jobs)
def _waits(row: Row) -> Waits:
    return Waits(
        kind=text_of(row[0]),
        holder_id=text_or_none(row[1]) or "",
        since=from_ms(whole_of(row[2])),
        due=from_ms(whole_of(row[3])),
    )
