"""Ages and the service's calendar day: Asia/Shanghai, the Gregorian calendar (Civil Code art. 200).

An age is reached at the start of the birthday in Shanghai: that is what game, hotel and internet
café gates mean by 周岁. Criminal courts count from the *day after* the birthday; this module is not
meant for them. «X 周岁以上» includes X itself (Civil Code art. 1259).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
"""The one time zone of dates and ages (design section 7, rule 9)."""

_YEARS: Final = range(2000, 3000)
"""Of days that people type: beyond them arithmetic of days and time zones ends at the calendar's own ends."""

CHILD_ENDS: Final = 14
"""Years. Younger: a guardian applies and consents (PIPL art. 31)."""

ADULT_FROM: Final = 18
"""Years. Younger: a minor (Civil Code art. 17)."""


class AgeBand(StrEnum):
    """The three legal bands the service treats differently."""

    CHILD = "child"
    """Under 14: the guardian acts."""

    MINOR = "minor"
    """14 to 17: acts under the guardian's supervision."""

    ADULT = "adult"
    """18 and older."""


def service_date(now: datetime) -> date:
    """Return the calendar day in Shanghai at the moment ``now``.

    Raises:
        ValueError: ``now`` carries no time zone (programmer's mistake).
    """
    if now.utcoffset() is None:
        raise ValueError("now must carry a time zone")
    return now.astimezone(SHANGHAI).date()


def read_moment(text: str) -> datetime:
    """Return the moment that somebody typed as a day, or as a day and time, in Shanghai.

    Raises:
        ValueError: it is none, it names another time zone, or a year that no form of the service is about.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is not None or moment.year not in _YEARS:
        raise ValueError("no day and time of the service")
    return moment.replace(tzinfo=SHANGHAI)


def read_day(text: str) -> date:
    """Return the day that somebody typed.

    Raises:
        ValueError: it is none, or of a year that no form of the service is about.
    """
    day = date.fromisoformat(text.strip())
    if day.year not in _YEARS:
        raise ValueError("no day of the service")
    return day


def age_on(birth: date, day: date) -> int:
    """Return the full years of life on ``day`` of a person born on ``birth``.

    Somebody born on 29 February turns older on **1 March** of a common year. Civil Code art. 202
    makes the month's last day, 28 February, the *last* day of the running year of life, and art.
    203 ends it at 24:00. On the other birthdays practice counts the day itself as reached; here the
    day itself does not exist, so the law's own arithmetic stands. Where the readings differ a gate
    then opens a day late for a few people every four years, and never a day early for a minor.

    Raises:
        ValueError: ``day`` is before ``birth`` (programmer's mistake).
    """
    if day < birth:
        raise ValueError("nobody has an age before birth")
    before_birthday = (day.month, day.day) < (birth.month, birth.day)
    return day.year - birth.year - int(before_birthday)


def is_over(birth: date, years: int, *, now: datetime) -> bool:
    """Tell whether a person born on ``birth`` has completed ``years`` years of life at ``now``.

    Inclusive, like 以上: on the 18th birthday in Shanghai ``is_over(birth, 18, now=now)`` is true.

    Raises:
        ValueError: ``now`` carries no time zone, or is before ``birth``.
    """
    return age_on(birth, service_date(now)) >= years


def age_band_on(birth: date, day: date) -> AgeBand:
    """Return the legal band on ``day`` of a person born on ``birth``.

    Raises:
        ValueError: ``day`` is before ``birth``.
    """
    age = age_on(birth, day)
    if age < CHILD_ENDS:
        return AgeBand.CHILD
    return AgeBand.MINOR if age < ADULT_FROM else AgeBand.ADULT
