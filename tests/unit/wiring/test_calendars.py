"""The calendars of this version say what was published, and an operator may add others."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from eztong.adapters.clock import SystemClock
from eztong.domain.identity.age import service_date
from eztong.domain.operators.posture import Severity
from eztong.domain.working_days import CalendarInvalid
from eztong.wiring.calendars import read_calendar
from eztong.wiring.doctor import check_calendar
from eztong.wiring.settings import Settings

YEARS = (2025, 2026)


def write(folder: Path, year: int, name: str = "", text: str = "") -> None:
    document = {"year": year, "days_off": [f"{year}-01-01"], "make_up_days": []}
    (folder / (name or f"cn-{year}.json")).write_text(text or json.dumps(document), "utf-8")


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_a_year_is_what_another_source_says(year: int) -> None:
    calendar = read_calendar(None)
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    assert {day for day in days if calendar.is_working_day(day) != chinese_calendar.is_workday(day)} == set()


def test_an_operators_year_is_added_and_goes_over_ours(tmp_path: Path) -> None:
    write(tmp_path, 2027)
    write(tmp_path, 2026)
    (tmp_path / "notes.txt").write_text("not looked at")
    calendar = read_calendar(tmp_path)
    assert calendar.last_year == 2027
    assert calendar.is_working_day(date(2026, 10, 2))
    assert not calendar.is_working_day(date(2027, 1, 1))


@pytest.mark.parametrize(("name", "text"), [("cn-2027.json", "{"), ("cn-2027.json", "[]"), ("cn-2030.json", "")])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, 2027, name, text)
    with pytest.raises(CalendarInvalid, match=name):
        read_calendar(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CalendarInvalid, match="elsewhere"):
        read_calendar(tmp_path / "elsewhere")


def test_the_doctor_warns_before_the_calendar_ends_and_never_fails_for_it(tmp_path: Path) -> None:
    this_year = service_date(SystemClock().now()).year
    (tmp_path / "c").mkdir()
    for year in range(2025, this_year + 2):
        write(tmp_path / "c", year)
    settings = Settings(data_dir=tmp_path / "data", calendar_dir=tmp_path / "c")
    assert check_calendar(settings).severity is Severity.OK
    (tmp_path / "c" / "cn-2025.json").write_text("{")
    assert check_calendar(settings).severity is Severity.ERROR
    assert check_calendar(Settings(data_dir=tmp_path / "data")).severity is not Severity.ERROR
