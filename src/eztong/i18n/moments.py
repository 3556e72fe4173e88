"""Dates and times in words, in the one time zone of the service: 今天 10:21 · 2026年1月15日 · 15 Jan 2026."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from babel.dates import format_date

from eztong.domain.identity.age import SHANGHAI
from eztong.i18n.translator import Translator

_PATTERNS: Final = {"zh-CN": "y年M月d日", "en": "d MMM y"}


def date_words(moment: datetime, *, words: Translator) -> str:
    """Return the day of ``moment`` in Shanghai."""
    day = moment.astimezone(SHANGHAI).date()
    return format_date(day, _PATTERNS[words.language], locale=words.language.replace("-", "_"))


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
