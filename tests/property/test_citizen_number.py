"""Citizen numbers: every well-formed one parses, no single slip does, nothing else is raised."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.errors import EztongError
from eztong.domain.identity.check_digits import mod_11_2_digit
from eztong.domain.identity.citizen_number import EARLIEST_BIRTH, Sex, parse_citizen_number
from eztong.domain.identity.regions import PROVINCES

TODAY = date(2026, 1, 15)
orders = st.integers(0, 999).map("{:03d}".format)
births = st.dates(EARLIEST_BIRTH, TODAY)
regions = st.one_of(
    st.tuples(st.sampled_from(sorted(PROVINCES)), st.integers(0, 9999)).map(lambda parts: f"{parts[0]}{parts[1]:04d}"),
    st.sampled_from(["810000", "820000", "830000", "911124", "932682"]),
)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Draw any well-formed number of 18 characters."""
    body = f"{draw(regions)}{draw(births):%Y%m%d}{draw(orders)}"
    return body + mod_11_2_digit(body)


def accepts(text: str) -> str:
    """Parse with every kind switched on."""
    return parse_citizen_number(text, today=TODAY, accept_foreigners=True).value


@given(numbers())
def test_any_body_with_its_check_digit_parses_to_itself(number: str) -> None:
    """Round trip, and the parts say what the digits say."""
    parsed = parse_citizen_number(number, today=TODAY, accept_foreigners=True)
    assert parsed.value == number
    assert f"{parsed.birth_date:%Y%m%d}" == number[6:14]
    assert (parsed.sex is Sex.MALE) == (number[16] in "13579")


@given(numbers(), st.data())
def test_every_single_substitution_is_refused(number: str, data: st.DataObject) -> None:
    """One wrong character anywhere never passes."""
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from("0123456789X").filter(lambda char: char != number[place]))
    with pytest.raises(EztongError):
        accepts(number[:place] + other + number[place + 1 :])


@given(numbers(), st.integers(0, 16))
def test_every_swap_of_neighbours_is_refused(number: str, place: int) -> None:
    """Two different neighbours swapped never pass."""
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(EztongError):
            accepts(swapped)


@given(
    st.sampled_from(sorted(PROVINCES)),
    st.dates(date(1900, 1, 1), date(1999, 12, 31)),
    st.integers(0, 995),
)
def test_an_old_number_converts_to_a_well_formed_one(province: str, born: date, order: int) -> None:
    """Fifteen digits become eighteen that parse to the same person."""
    parsed = parse_citizen_number(f"{province}0000{born:%y%m%d}{order:03d}", today=TODAY)
    assert parsed.legacy
    assert parsed.birth_date == born
    assert parse_citizen_number(parsed.value, today=TODAY) == parsed


@given(numbers(), st.lists(st.tuples(st.integers(0, 18), st.sampled_from(" \u3000\u00a0\u200b"))))
def test_spaces_anywhere_change_nothing(number: str, spaces: list[tuple[int, str]]) -> None:
    """However it is grouped, it is the same number."""
    typed = number
    for place, space in spaces:
        typed = typed[:place] + space + typed[place:]
    assert accepts(typed) == number


@given(st.one_of(st.text(), st.text("0123456789xXХ０Ｘ \u200b", min_size=14, max_size=20)))
def test_arbitrary_text_raises_expected_errors_only(text: str) -> None:
    """Whatever is typed, the answer is a number or one of our errors."""
    with contextlib.suppress(EztongError):
        assert len(accepts(text)) == 18
