"""The calendars of working days: a file for each year, those of this version and the operator's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from eztong.domain.working_days import CalendarInvalid, WorkCalendar, WorkingYear, parse_year

_NAME: Final = "cn-"
_SUFFIX: Final = ".json"


def read_calendar(own: Path | None) -> WorkCalendar:
    """Return the years of this version, and over them those of the folder ``own``.

    Raises:
        CalendarInvalid: a file, or the folder, cannot be used.
    """
    return WorkCalendar([*_years(files(__name__)), *(() if own is None else _years(_folder(own)))])


def _folder(own: Path) -> Path:
    if not own.is_dir():
        raise CalendarInvalid(f"The folder of calendars, {own.name}, is not there.")
    return own


def _years(folder: Traversable) -> Iterator[WorkingYear]:
    for place in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if place.name.startswith(_NAME) and place.name.endswith(_SUFFIX):
            yield _year(place)


def _year(place: Traversable) -> WorkingYear:
    try:
        document = json.loads(place.read_text("utf-8"))
        known = parse_year(document if isinstance(document, dict) else {})
    except (OSError, ValueError) as error:
        raise CalendarInvalid(f"The calendar {place.name} cannot be read: {type(error).__name__}.") from error
    except CalendarInvalid as error:
        raise CalendarInvalid(f"{place.name}: {error.detail}") from error
    if place.name != f"{_NAME}{known.year}{_SUFFIX}":
        raise CalendarInvalid(f"The calendar {place.name} is of the year {known.year}.")
    return known
