"""Message codes: how often they are sent, how long and how many tries they live."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.errors import EztongError, OtpExpired, OtpLocked, OtpWrong, TooMany
from eztong.domain.otp import OtpChallenge, OtpPurpose, check_digits_equal, check_may_send, check_still_open
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


def test_the_first_message_goes_out_at_once() -> None:
    check_may_send([], now=NOW)


@pytest.mark.parametrize(("ago", "wait"), [(0, 61), (1, 60), (59, 2)])
def test_a_second_message_waits_a_minute(ago: int, wait: int) -> None:
    with pytest.raises(TooMany) as caught:
        check_may_send([NOW - SECOND * ago], now=NOW)
    assert caught.value.retry_after == wait
    check_may_send([NOW - SECOND * ago], now=NOW + SECOND * wait)


def test_the_newest_message_counts_whatever_the_order() -> None:
    with pytest.raises(TooMany):
        check_may_send([NOW - SECOND, NOW - SECOND * 900], now=NOW)


def test_ten_messages_a_day_are_enough() -> None:
    sent = [NOW - timedelta(hours=number) for number in range(1, 11)]
    check_may_send(sent[:9], now=NOW)
    with pytest.raises(TooMany) as caught:
        check_may_send(sent, now=NOW)
    assert caught.value.retry_after == 14 * 3600 + 1, "until the oldest is a day old"


@pytest.mark.parametrize(
    ("challenge", "late", "error"),
    [
        (CHALLENGE, 300, OtpExpired),
        (CHALLENGE, 10_000, OtpExpired),
        (replace(CHALLENGE, used_at=NOW), 1, OtpExpired),
        (replace(CHALLENGE, tries=5), 1, OtpLocked),
        (replace(CHALLENGE, tries=5), 300, OtpExpired),
        (replace(CHALLENGE, tries=9, used_at=NOW), 1, OtpExpired),
    ],
)
def test_a_code_that_is_over_is_not_even_compared(challenge: OtpChallenge, late: int, error: type[EztongError]) -> None:
    with pytest.raises(error):
        check_still_open(challenge, now=NOW + SECOND * late)


def test_a_lock_says_how_long_it_lasts() -> None:
    with pytest.raises(OtpLocked) as caught:
        check_still_open(replace(CHALLENGE, tries=5), now=NOW + SECOND * 100)
    assert caught.value.retry_after == 201


@pytest.mark.parametrize("tries", range(5))
def test_five_tries_within_five_minutes_are_open(tries: int) -> None:
    check_still_open(replace(CHALLENGE, tries=tries), now=NOW + SECOND * 299)


def test_only_the_right_digits_are_right() -> None:
    check_digits_equal(CHALLENGE, presented_hash=b"right")
    for wrong in (b"", b"wrong", b"right ", b"right\x00"):
        with pytest.raises(OtpWrong):
            check_digits_equal(CHALLENGE, presented_hash=wrong)
