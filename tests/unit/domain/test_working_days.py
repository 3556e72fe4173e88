"""Working days: periods that end where the published calendar says (5.1; Civil Code art. 201, 203)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.identity.age import SHANGHAI
from eztong.domain.working_days import CalendarInvalid, WorkCalendar, parse_year

GOOD: Mapping[str, object] = {"year": 2026, "days_off": ["2026-10-01", "2026-10-02"], "make_up_days": ["2026-10-10"]}
CALENDAR = WorkCalendar([parse_year(GOOD)])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


def due(start: datetime, days: int, calendar: WorkCalendar = CALENDAR) -> tuple[str, bool]:
    found = calendar.due_after(start, days)
    return found.at.astimezone(SHANGHAI).isoformat(sep=" ", timespec="seconds")[:19], found.is_provisional


def test_the_day_itself_does_not_count_and_the_last_one_ends_at_midnight() -> None:
    assert due(datetime(2026, 9, 28, 9, tzinfo=SHANGHAI), 1) == ("2026-09-29 23:59:59", False)


def test_days_off_are_passed_over_and_a_day_that_is_made_up_counts() -> None:
    wednesday = datetime(2026, 9, 30, 23, 59, tzinfo=SHANGHAI)
    # Thursday and Friday are off, Saturday and Sunday weekend; Monday is the first day.
    assert due(wednesday, 1) == ("2026-10-05 23:59:59", False)
    # Monday to Friday, then the Saturday that is worked.
    assert due(wednesday, 6) == ("2026-10-10 23:59:59", False)


def test_the_day_begins_in_shanghai() -> None:
    late_in_utc = datetime(2026, 9, 27, 17, tzinfo=UTC)
    assert due(late_in_utc, 1) == ("2026-09-29 23:59:59", False)


def test_beyond_the_last_year_weekends_alone_count_and_the_day_is_provisional() -> None:
    assert due(datetime(2026, 12, 31, tzinfo=SHANGHAI), 1) == ("2027-01-01 23:59:59", True)
    assert due(datetime(2026, 10, 1, tzinfo=SHANGHAI), 1, WorkCalendar()) == ("2026-10-02 23:59:59", True)


def test_the_last_year_is_the_last_without_a_gap() -> None:
    years = [
        parse_year({**GOOD, "year": year, "days_off": [f"{year}-01-01"], "make_up_days": []})
        for year in (2026, 2027, 2029)
    ]
    assert WorkCalendar(years).last_year == 2027
    assert WorkCalendar().last_year is None


def test_a_period_has_a_day_at_least() -> None:
    with pytest.raises(ValueError, match="one working day"):
        CALENDAR.due_after(datetime(2026, 1, 1, tzinfo=UTC), 0)


@given(MOMENTS, st.integers(1, 40))
def test_a_period_ends_on_a_working_day_and_holds_as_many_as_it_says(start: datetime, days: int) -> None:
    end = CALENDAR.due_after(start, days).at.astimezone(SHANGHAI).date()
    day, counted = start.astimezone(SHANGHAI).date(), 0
    while day < end:
        day += timedelta(days=1)
        counted += CALENDAR.is_working_day(day)
    assert counted == days
    assert CALENDAR.is_working_day(end)


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": "2026"},
        {"days_off": []},
        {"days_off": "2026-10-01"},
        {"days_off": ["2026-10-32"]},
        {"days_off": ["2025-10-01"]},
        {"days_off": ["2026-10-01", "2026-10-01"]},
        {"days_off": [f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}" for day in range(61)]},
        {"make_up_days": None},
        {"make_up_days": ["2026-10-09"]},
        {"days_off": ["2026-10-10"]},
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(wrong: Mapping[str, object]) -> None:
    with pytest.raises(CalendarInvalid):
        parse_year({**GOOD, **wrong})


def test_a_good_calendar_is_read() -> None:
    found = parse_year(GOOD)
    assert found.days_off == {date(2026, 10, 1), date(2026, 10, 2)}
    assert found.make_up_days == {date(2026, 10, 10)}
