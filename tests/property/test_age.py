"""Ages never fall and rise by one a year."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.identity.age import AgeBand, age_band_on, age_on

births = st.dates(date(1900, 1, 1), date(2026, 1, 15))
days_lived = st.integers(0, 40_000)


@given(births, days_lived)
def test_a_day_adds_nothing_or_a_year(birth: date, lived: int) -> None:
    """From one day to the next the age stays or grows by one."""
    day = birth + timedelta(days=lived)
    assert age_on(birth, day + timedelta(days=1)) - age_on(birth, day) in {0, 1}


@given(births, st.integers(1, 120))
def test_an_age_is_reached_once_and_never_early(birth: date, years: int) -> None:
    """It is reached on the birthday; on 1 March where the birthday does not exist."""
    leap_child = (birth.month, birth.day) == (2, 29)
    try:
        birthday = birth.replace(year=birth.year + years)
    except ValueError:
        assert leap_child
        birthday = date(birth.year + years, 3, 1)
    assert age_on(birth, birthday) == years
    assert age_on(birth, birthday - timedelta(days=1)) == years - 1


@given(births, days_lived)
def test_bands_say_what_ages_say(birth: date, lived: int) -> None:
    """Child below 14, minor below 18, then adult."""
    day = birth + timedelta(days=lived)
    age = age_on(birth, day)
    expected = AgeBand.CHILD if age < 14 else AgeBand.MINOR if age < 18 else AgeBand.ADULT
    assert age_band_on(birth, day) is expected
