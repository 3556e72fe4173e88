"""Ages: birthdays in Shanghai, leap days, and the three bands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from eztong.domain.identity.age import (
    SHANGHAI,
    AgeBand,
    age_band_on,
    age_on,
    is_over,
    read_day,
    read_moment,
    service_date,
)

SANDBOX_DAY = date(2026, 1, 15)
P08, P09, P26 = date(2009, 6, 1), date(2018, 6, 1), date(2000, 2, 29)
P27, P28 = date(2012, 1, 15), date(2008, 1, 15)


@pytest.mark.parametrize(("birth", "age"), [(P08, 16), (P09, 7), (P26, 25), (P27, 14), (P28, 18)])
def test_personas_on_the_sandbox_date(birth: date, age: int) -> None:
    """The ages of the young personas on 15 January 2026."""
    assert age_on(birth, SANDBOX_DAY) == age


def test_an_age_is_reached_on_the_birthday_itself() -> None:
    """The day before, P28 is 17."""
    assert age_on(P28, SANDBOX_DAY - timedelta(days=1)) == 17


def test_p09_turns_eight_in_june() -> None:
    """Eight on 2026-06-01, not before."""
    assert [age_on(P09, date(2026, 5, 31)), age_on(P09, date(2026, 6, 1))] == [7, 8]


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2018, 2, 28), 17),
        (date(2018, 3, 1), 18),
        (date(2020, 2, 28), 19),
        (date(2020, 2, 29), 20),
    ],
)
def test_p26_turns_older_on_1_march_of_common_years(day: date, age: int) -> None:
    """A leap day's child never counts as older a day early."""
    assert age_on(P26, day) == age


def test_on_the_day_of_birth_the_age_is_zero() -> None:
    """The first year is running."""
    assert age_on(SANDBOX_DAY, SANDBOX_DAY) == 0


def test_nobody_has_an_age_before_birth() -> None:
    """A programmer's mistake, not an answer."""
    with pytest.raises(ValueError, match="before birth"):
        age_on(SANDBOX_DAY, SANDBOX_DAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 1, 14, 15, 59, 59, tzinfo=UTC), date(2026, 1, 14)),
        (datetime(2026, 1, 14, 16, 0, tzinfo=UTC), date(2026, 1, 15)),
        (datetime(2026, 1, 15, 23, 59, tzinfo=SHANGHAI), date(2026, 1, 15)),
        (datetime(2026, 1, 14, 6, 0, tzinfo=timezone(timedelta(hours=-10))), date(2026, 1, 15)),
        (datetime(1988, 7, 1, 15, 30, tzinfo=UTC), date(1988, 7, 2)),
    ],
)
def test_the_service_day_is_shanghais(now: datetime, day: date) -> None:
    """Midnight is at 16:00 UTC, and was at 15:00 in the summers of 1986 to 1991."""
    assert service_date(now) == day


def test_a_moment_without_time_zone_is_a_mistake() -> None:
    """Naive datetimes are refused, not guessed."""
    naive = datetime(2026, 1, 15)  # noqa: DTZ001 - the very mistake
    with pytest.raises(ValueError, match="time zone"):
        service_date(naive)
    with pytest.raises(ValueError, match="time zone"):
        is_over(P28, 18, now=naive)


def test_over_18_begins_at_shanghai_midnight() -> None:
    """P28 passes the gate from 16:00 UTC of the day before."""
    midnight = datetime(2026, 1, 14, 16, 0, tzinfo=UTC)
    assert is_over(P28, 18, now=midnight)
    assert not is_over(P28, 18, now=midnight - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("birth", "day", "band"),
    [
        (P27, date(2026, 1, 14), AgeBand.CHILD),
        (P27, date(2026, 1, 15), AgeBand.MINOR),
        (P28, date(2026, 1, 14), AgeBand.MINOR),
        (P28, date(2026, 1, 15), AgeBand.ADULT),
        (P26, SANDBOX_DAY, AgeBand.ADULT),
    ],
)
def test_bands_change_on_the_14th_and_18th_birthday(birth: date, day: date, band: AgeBand) -> None:
    """P27 and P28 cross exactly on the sandbox date."""
    assert age_band_on(birth, day) is band


@pytest.mark.parametrize("typed", ["", "soon", "15.1.2026", "0001-01-01", "1999-12-31", "3000-01-01", "9999-12-31"])
def test_what_is_typed_for_a_day_is_one_that_can_be_reckoned_with(typed: str) -> None:
    for read in (read_day, read_moment):
        with pytest.raises(ValueError, match=r"service|isoformat|month|day"):
            read(typed)


def test_days_and_moments_are_typed_in_shanghai() -> None:
    assert read_day(" 2026-01-15 ") == SANDBOX_DAY
    assert read_moment("2026-01-15T10:30").astimezone(UTC) == datetime(2026, 1, 15, 2, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="service"):
        read_moment("2026-01-15T10:30+00:00")
