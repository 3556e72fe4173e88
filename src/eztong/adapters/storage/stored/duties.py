"""What a stored database says that operators still owe: reviews of emergencies, and reports to the authorities."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import inspect, select

from eztong.adapters.storage.sql.milliseconds import to_ms
from eztong.adapters.storage.sql.readable import as_bytes, listed
from eztong.adapters.storage.sql.repositories.incidents.reports import report_of
from eztong.adapters.storage.sql.stored_at import StoredAt
from eztong.adapters.storage.sql.tables.incidents.reports import incident_reports
from eztong.adapters.storage.sql.tables.operators.break_glass import break_glasses
from eztong.adapters.storage.stored.reading import reading


def unreviewed_glasses(database: StoredAt, *, now: datetime) -> tuple[int, int]:
    """Return how many emergencies of operators are open now, and how many that are over nobody has reviewed.

    None of either if there is no database, or one of a version before them.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    if not database.exists():
        return 0, 0
    with reading(database) as connection:
        if not inspect(connection).has_table(break_glasses.name):
            return 0, 0
        columns = (break_glasses.c.until, break_glasses.c.ended_at)
        rows = connection.execute(select(*columns).where(break_glasses.c.reviewed_at.is_(None))).fetchall()
    still_open = sum(ended is None and to_ms(now) < until for until, ended in rows)
    return still_open, len(rows) - still_open


def overdue_reports(database: StoredAt, *, now: datetime) -> tuple[int, int, int]:
    """Return how many reports to the authorities are open, overdue at ``now``, and unreadable.

    None of any if there is no database, or one of a version before them.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    if not database.exists():
        return 0, 0, 0
    with reading(database) as connection:
        if not inspect(connection).has_table(incident_reports.name):
            return 0, 0, 0
        cells = select(*as_bytes(incident_reports.columns))
        rows = connection.execute(cells.where(incident_reports.c.closed_at.is_(None))).fetchall()
    found = listed(report_of, incident_reports, rows)
    return len(found.those), sum(one.is_overdue(now) for one in found.those), found.unreadable
