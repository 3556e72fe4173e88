"""Dates and times in words, in the one time zone of the service: 今天 10:21 · 2026年1月15日 · 15 Jan 2026."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Final

from babel import Locale
from babel.dates import format_date

from eztong.domain.identity.age import SHANGHAI
from eztong.i18n.translator import Translator

_PATTERNS: Final = {"zh-CN": "y年M月d日", "en": "d MMM y"}
_WITHOUT_YEAR: Final = {"zh-CN": "M月d日", "en": "d MMM"}
_STAMP: Final = re.compile(r"(?:(\d{4})-)?(\d\d)-(\d\d)( \d\d:\d\d)?", re.ASCII)
_UNITS: Final = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))
_LEAP_YEAR: Final = 2000
_DAYS_OF_A_YEAR: Final = 365
_STAMPED: Final = frozenset({"until", "at", "from"})


@cache
def _locale(language: str) -> Locale:
    """Return the locale, looked for once: by its name babel looks through all its files for every date of a page."""
    return Locale.parse(language.replace("-", "_"))


def date_words(moment: datetime, *, words: Translator) -> str:
    """Return the day of ``moment`` in Shanghai."""
    day = moment.astimezone(SHANGHAI).date()
    return format_date(day, _PATTERNS[words.language], locale=_locale(words.language))


def clock_words(moment: datetime) -> str:
    """Return hours, minutes and seconds of ``moment`` in Shanghai."""
    return moment.astimezone(SHANGHAI).strftime("%H:%M:%S")


def moment_words(moment: datetime, *, now: datetime, words: Translator) -> str:
    """Return day and minute; a moment of the same Shanghai day says «today»."""
    local = moment.astimezone(SHANGHAI)
    time = local.strftime("%H:%M")
    if local.date() == now.astimezone(SHANGHAI).date():
        return words.text("time.today", time=time)
    return words.text("time.on", date=date_words(moment, words=words), time=time)


def wait_words(seconds: int, *, words: Translator) -> str:
    """Return how long to wait, in the largest unit of which there are two, and never too short."""
    unit, length = next((unit, length) for unit, length in _UNITS if seconds >= 2 * length or length == 1)
    return words.text(f"time.wait_{unit}", count=max(2, -(-seconds // length)))


def span_words(days: int, *, words: Translator) -> str:
    """Return how long something is kept: whole years as such, anything else in days."""
    years, rest = divmod(days, _DAYS_OF_A_YEAR)
    if rest or not years:
        return words.text("time.days", count=days)
    return words.text("time.years", count=years) if years > 1 else words.text("time.year")


def with_moments(params: Mapping[str, str], *, language: str) -> dict[str, str]:
    """Return a message's params with their days and minutes in words: they were written down without a language."""
    return {
        name: stamp_words(value, language=language) if name in _STAMPED else value for name, value in params.items()
    }


def stamp_words(stamp: str, *, language: str) -> str:
    """Return a message's stamp (``2026-03-05 09:00``, ``2026-03-05`` or ``03-05 09:00``) as people read it.

    What is no stamp stands as it is: it was written by another version.
    """
    found = _STAMP.fullmatch(stamp)
    if found is None:
        return stamp
    year, month, day, time = found.groups()
    try:
        named = date(int(year or _LEAP_YEAR), int(month), int(day))
    except ValueError:
        return stamp
    pattern = (_PATTERNS if year else _WITHOUT_YEAR)[language]
    return format_date(named, pattern, locale=_locale(language)) + (time or "")
