"""What a partner used: verifications of a day by outcome, days of China."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from eztong.domain.codes.verification import Outcome
from eztong.domain.errors import InputInvalid
from eztong.domain.identity.age import SHANGHAI, read_day, service_date

PERIODS: Final = (7, 30, 92)
"""For how many days usage is shown: what is counted is read, so there is an end."""


class DayInvalid(InputInvalid):
    """The text is no day."""

    code = "portal_day_invalid"
    advice = "Write the day as 2026-11-30."


@dataclass(frozen=True, slots=True)
class UsedOnDay:
    """Verifications of one day, by outcome; what did not happen is not named."""

    day: date
    counts: Mapping[Outcome, int]

    @property
    def total(self) -> int:
        """How many there were."""
        return sum(self.counts.values())


def parse_day(text: str) -> date:
    """Return the day that was typed.

    Raises:
        DayInvalid: it is none.
    """
    try:
        return read_day(text)
    except ValueError:
        raise DayInvalid from None


def day_begins(day: date) -> datetime:
    """Return the moment at which a day begins in China."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def days_until(now: datetime, *, count: int) -> Sequence[date]:
    """Return the last days, today the last of them."""
    today = service_date(now)
    return [today - timedelta(days=back) for back in range(count - 1, -1, -1)]


def by_day(days: Sequence[date], found: Iterable[tuple[date, Outcome, int]]) -> Sequence[UsedOnDay]:
    """Return each of the days with what was counted on it, also those with nothing."""
    counts: dict[date, dict[Outcome, int]] = {day: {} for day in days}
    for day, outcome, count in found:
        if day in counts:
            counts[day][outcome] = counts[day].get(outcome, 0) + count
    return [UsedOnDay(day, counts[day]) for day in days]
