"""The days that the clock offers to jump to."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from eztong.ports.sandbox import SandboxPersona
from eztong.sandbox.controls import find_jumps, seconds_of_working_days

TODAY = date(2026, 1, 15)


def persona(number: str, *, valid_until: date | None = None) -> SandboxPersona:
    return SandboxPersona(
        key="P00",
        name="测",
        number=number,
        phone="19900000000",
        story="",
        story_en="",
        expected="active",
        document_valid_until=valid_until,
    )


def with_check_digit(first_17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first_17 + "10X98765432"[sum(int(d) * w for d, w in zip(first_17, weights, strict=True)) % 11]


def test_the_next_birthdays_that_open_something_come_in_their_order() -> None:
    jumps = find_jumps([persona(with_check_digit("11000020120601001"))], today=TODAY)
    assert [(jump.day, jump.event) for jump in jumps] == [
        (date(2026, 6, 1), "age_14"),
        (date(2028, 6, 1), "age_16"),
        (date(2030, 6, 1), "age_18"),
    ]


def test_a_leap_day_birthday_comes_on_the_first_of_march() -> None:
    jumps = find_jumps([persona(with_check_digit("11000020120229001"))], today=TODAY)
    assert [jump.day for jump in jumps] == [date(2026, 3, 1), date(2028, 2, 29), date(2030, 3, 1)]


def test_a_card_ends_the_day_after_its_last_and_past_or_far_days_are_left_out() -> None:
    adult = with_check_digit("11000019900307001")
    (jump,) = find_jumps([persona(adult, valid_until=date(2026, 5, 31))], today=TODAY)
    assert (jump.day, jump.event) == (date(2026, 6, 1), "card_ends")
    assert find_jumps([persona(adult, valid_until=date(2025, 9, 8))], today=TODAY) == []
    assert find_jumps([persona(adult, valid_until=date(2036, 1, 14))], today=TODAY) == []


def test_a_new_card_and_a_new_name_come_on_their_day() -> None:
    told = replace(persona("110000199003070011"), renewed_on=date(2026, 3, 1), renamed_on=date(2026, 2, 1))
    jumps = find_jumps([told], today=TODAY)
    assert [(jump.day, jump.event) for jump in jumps] == [
        (date(2026, 2, 1), "name_changes"),
        (date(2026, 3, 1), "card_comes"),
    ]


def test_a_number_that_cannot_be_right_has_no_birthday() -> None:
    assert find_jumps([persona("110000199003070011")], today=TODAY) == []


@pytest.mark.parametrize(
    ("start", "days"),
    [
        (datetime(2026, 1, 15, 1, tzinfo=UTC), 21),  # a Thursday
        (datetime(2026, 1, 17, 1, tzinfo=UTC), 20),  # a Saturday
        (datetime(2026, 1, 16, 17, tzinfo=UTC), 20),  # still Friday in London, Saturday in Shanghai
    ],
)
def test_fifteen_working_days_skip_the_weekends(start: datetime, days: int) -> None:
    assert seconds_of_working_days(15, now=start) == days * 86_400
