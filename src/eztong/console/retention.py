"""How long what is kept, what the next sweep takes, and which days are worked (PIPL art. 19; clause 2.13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.retention import EMPTIED, SWEPT, Outlived, Transient
from eztong.i18n.moments import date_words
from eztong.usecases.jobs.sweep_old_rows import BATCH

HOME: Final = "/console/policy/retention"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRow:
    """A kind of rows with its period in days, or else in hours, and how many of them are beyond it now."""

    kind: Transient | Outlived
    days: int
    hours: int
    waiting: int

    @property
    def is_more(self) -> bool:
        """Say whether there are more than one sweep takes."""
        return self.waiting > BATCH


def show(visit: Visit) -> Response:
    """Show periods, what waits to be swept, and the calendar. Nothing of it is changed here."""
    with visit.services.store.read() as stored:
        ends = stored.retention
        swept = [
            _row(kind, rule.after, len(ends.outdated(kind, before=visit.now - rule.after, limit=BATCH + 1)))
            for kind, rule in SWEPT.items()
        ]
        emptied = [
            _row(one, rule.after, len(ends.outlived(one, before=visit.now - rule.after, limit=BATCH + 1)))
            for one, rule in EMPTIED.items()
        ]
    years = [
        (
            known.year,
            [date_words(_midday(day), words=visit.words) for day in sorted(known.days_off)],
            [date_words(_midday(day), words=visit.words) for day in sorted(known.make_up_days)],
        )
        for known in visit.services.deployment.calendar.years
    ]
    return visit.page("retention.html", swept=swept, emptied=emptied, years=years, batch=BATCH)


def _midday(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)


def _row(kind: Transient | Outlived, after: timedelta, waiting: int) -> KeptRow:
    return KeptRow(kind=kind, days=after // _DAY, hours=after // timedelta(hours=1), waiting=waiting)
