"""Message codes: how often they are sent, how long and how many tries they live."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.access.otp import (
    OtpChallenge,
    OtpIncomplete,
    OtpPurpose,
    check_digits_equal,
    check_still_open,
    digits_after,
    parse_digits,
)
from eztong.domain.errors import EztongError, OtpExpired, OtpLocked, OtpWrong
from tests.simulators.batches import NOW

SECOND = timedelta(seconds=1)
CHALLENGE = OtpChallenge(
    challenge_id="otp_1",
    session_hash=b"s",
    purpose=OtpPurpose.REGISTER,
    phone_index=b"p",
    code_hash=b"right",
    tries=0,
    created_at=NOW,
)
SENT = replace(CHALLENGE, is_sent=True)


@pytest.mark.parametrize(("ago", "wait"), [(0, 61), (1, 60), (59, 2), (60, 0), (600, 0)])
def test_a_browser_waits_a_minute_for_another_message(ago: int, wait: int) -> None:
    assert CHALLENGE.resend_in(now=NOW + SECOND * ago) == wait


@pytest.mark.parametrize(
    ("challenge", "late", "error"),
    [
        (CHALLENGE, 300, OtpExpired),
        (CHALLENGE, 10_000, OtpExpired),
        (CHALLENGE, -6, OtpExpired),
        (replace(CHALLENGE, used_at=NOW), 1, OtpExpired),
        (replace(CHALLENGE, tries=5), 1, OtpLocked),
        (replace(CHALLENGE, tries=5), 300, OtpExpired),
        (replace(CHALLENGE, tries=9, used_at=NOW), 1, OtpExpired),
    ],
)
def test_a_code_that_is_over_is_not_even_compared(challenge: OtpChallenge, late: int, error: type[EztongError]) -> None:
    with pytest.raises(error):
        check_still_open(challenge, wrong_today=0, now=NOW + SECOND * late)


@pytest.mark.parametrize(("late", "wait"), [(0, 61), (10, 51), (59, 2), (60, 1), (100, 1)])
def test_a_lock_says_when_another_message_can_be_had(late: int, wait: int) -> None:
    with pytest.raises(OtpLocked) as caught:
        check_still_open(replace(CHALLENGE, tries=5), wrong_today=5, now=NOW + SECOND * late)
    assert caught.value.retry_after == wait


@pytest.mark.parametrize("tries", range(5))
def test_five_tries_within_five_minutes_are_open(tries: int) -> None:
    check_still_open(replace(CHALLENGE, tries=tries), wrong_today=9, now=NOW + SECOND * 299)


def test_after_ten_wrong_tries_in_a_day_no_short_code_is_compared_and_the_next_ones_are_long() -> None:
    assert [digits_after(wrong) for wrong in (0, 9, 10, 5_000)] == [6, 6, 10, 10]
    with pytest.raises(OtpLocked):
        check_still_open(CHALLENGE, wrong_today=10, now=NOW)
    check_still_open(replace(CHALLENGE, digits=10), wrong_today=5_000, now=NOW)


def test_a_long_code_has_five_tries_too() -> None:
    with pytest.raises(OtpLocked):
        check_still_open(replace(CHALLENGE, digits=10, tries=5), wrong_today=10, now=NOW)


@pytest.mark.parametrize("typed", ["123456", " 12 34 56 ", "１２３４５６", "1234567890", "12345 67890"])
def test_whole_codes_are_read_as_they_were_meant(typed: str) -> None:
    assert parse_digits(typed) in {"123456", "1234567890"}


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "12345678901", "验证码", "      ", "12345a", "١٢٣٤٥٦", "1" * 50]
)
def test_what_is_no_whole_code_is_no_try(typed: str) -> None:
    with pytest.raises(OtpIncomplete):
        parse_digits(typed)


@given(st.text(max_size=60))
def test_only_six_or_ten_digits_are_ever_compared(typed: str) -> None:
    try:
        digits = parse_digits(typed)
    except OtpIncomplete:
        return
    assert len(digits) in {6, 10}
    assert digits.isascii()
    assert digits.isdigit()


def test_only_the_right_digits_are_right() -> None:
    check_digits_equal(SENT, presented_hash=b"right")
    for wrong in (b"", b"wrong", b"right ", b"right\x00"):
        with pytest.raises(OtpWrong):
            check_digits_equal(SENT, presented_hash=wrong)


@pytest.mark.parametrize("presented", [b"right", b"wrong"])
def test_nothing_fits_a_code_that_nobody_was_told(presented: bytes) -> None:
    with pytest.raises(OtpWrong):
        check_digits_equal(CHALLENGE, presented_hash=presented)
