"""Working days of the mainland: what the clauses' periods are counted in (2.13, 5.1; Civil Code art. 201, 203).

The State Council publishes for each year which weekdays are off and which days of a weekend are worked instead. Beyond
the last year that is known weekends alone count, and a day so found is provisional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from eztong.domain.errors import InputInvalid
from eztong.domain.identity.age import SHANGHAI, service_date

ANSWER_WITHIN: Final = 15
"""Working days within which the service answers whoever writes to it (clause 2.13)."""

_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)
_MOMENT: Final = timedelta(seconds=1)
"""A day's last moment is a second: what comes after it has passed."""

_MOST_DAYS_OFF: Final = 60


class CalendarInvalid(InputInvalid):
    """A calendar file cannot be used."""

    code = "calendar_invalid"
    advice = "Write it as docs/operations.md says, from the notice of the State Council."


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingYear:
    """What was published for one year: weekdays that are off, and days of a weekend that are worked."""

    year: int
    days_off: frozenset[date]
    make_up_days: frozenset[date]


@dataclass(frozen=True, slots=True)
class DueDay:
    """The last moment of a period. It is ``provisional`` while a year that it reaches into is not published."""

    at: datetime
    is_provisional: bool

    def is_over(self, now: datetime) -> bool:
        """Say whether the period has ended: what ends something for somebody asks this, in the rule and in the job.

        A provisional day may still move, so that nobody is late by it.
        """
        return not self.is_provisional and now > self.at

    def next_look(self, now: datetime) -> datetime:
        """Return when a job that waits for the end looks next: when it is over, or daily while that is not known."""
        return self.at + _MOMENT if now <= self.at else now + _DAY

    def settled_by(self, calendar: WorkCalendar, start: datetime, working_days: int) -> DueDay:
        """Return the day of a period from ``start`` as ``calendar`` knows it now.

        A day that is no more provisional stays, and none becomes earlier than the one that was told.
        """
        if not self.is_provisional:
            return self
        known = calendar.due_after(start, working_days)
        return DueDay(max(known.at, self.at), known.is_provisional)


class WorkCalendar:
    """The years that are known."""

    def __init__(self, years: Iterable[WorkingYear] = ()) -> None:
        """Count by ``years``; of two for the same year the later one counts."""
        self._years = {known.year: known for known in years}

    @property
    def years(self) -> tuple[WorkingYear, ...]:
        """What is known, the earliest year first."""
        return tuple(self._years[year] for year in sorted(self._years))

    @property
    def last_year(self) -> int | None:
        """The last year that is known without a gap before it, from the first."""
        year = min(self._years, default=None)
        while year is not None and year + 1 in self._years:
            year += 1
        return year

    def is_known(self, day: date) -> bool:
        """Say whether the year of ``day`` was published."""
        return day.year in self._years

    def is_working_day(self, day: date) -> bool:
        """Say whether ``day`` is worked: what was published for it, otherwise Monday to Friday."""
        known = self._years.get(day.year)
        if known is not None:
            if day in known.make_up_days:
                return True
            if day in known.days_off:
                return False
        return day.weekday() < _SATURDAY

    def due_after(self, start: datetime, working_days: int) -> DueDay:
        """Return the end, in Shanghai, of the last of so many working days after the day of ``start``.

        The day itself does not count (Civil Code art. 201), and the last day ends at 24:00 (art. 203): the moment
        returned is its last second.

        Raises:
            ValueError: less than one day, or ``start`` carries no time zone (programmer's mistake).
        """
        if working_days < 1:
            raise ValueError("a period has one working day at least")
        day, left, is_known = service_date(start), working_days, True
        while left:
            day += _DAY
            is_known = is_known and self.is_known(day)
            left -= self.is_working_day(day)
        return DueDay(datetime.combine(day, time(23, 59, 59), SHANGHAI), not is_known)


def parse_year(document: Mapping[str, object]) -> WorkingYear:
    """Return what a calendar file says: ``year``, ``days_off`` and ``make_up_days``, days as YYYY-MM-DD.

    Raises:
        CalendarInvalid: a part is missing or contradicts another, or a day lies in another year.
    """
    year = document.get("year")
    if not isinstance(year, int):
        raise CalendarInvalid("A calendar file must name its year as a number.")
    off = _days(document, "days_off", year)
    make_up = _days(document, "make_up_days", year)
    if not off or len(off) > _MOST_DAYS_OFF:
        raise CalendarInvalid(f"The calendar of {year} has {len(off)} days off.")
    if wrong := sorted(day for day in make_up if day.weekday() < _SATURDAY or day in off):
        raise CalendarInvalid(f"The calendar of {year}: {wrong[0]} is no day of a weekend, or off, too.")
    return WorkingYear(year=year, days_off=off, make_up_days=make_up)


def _days(document: Mapping[str, object], name: str, year: int) -> frozenset[date]:
    found = document.get(name)
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise CalendarInvalid(f"The calendar of {year} has no list {name}.")
    try:
        days = frozenset(date.fromisoformat(str(day)) for day in found)
    except ValueError as error:
        raise CalendarInvalid(f"The calendar of {year}, {name}: {error}.") from error
    if len(days) != len(found) or any(day.year != year for day in days):
        raise CalendarInvalid(f"The calendar of {year}, {name}: a day stands there twice, or lies in another year.")
    return days
