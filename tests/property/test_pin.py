"""The PIN's counter: whatever order tries come in, nobody gets more than five per waiting time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.access.pin import (
    MAX_WAIT,
    PIN_TRIES,
    Pin,
    PinLocked,
    PinMalformed,
    PinWeak,
    check_may_try,
    check_strong,
    parse_pin,
    wait_after,
)
from eztong.domain.identifiers import HolderId

START = datetime(2026, 1, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Try:
    right: bool
    after_seconds: int


TRIES = st.lists(st.builds(Try, right=st.booleans(), after_seconds=st.integers(0, 7_200)), max_size=60)


def fresh() -> Pin:
    return Pin(holder_id=HolderId("hld"), sealed_hash=b"", wrong_tries=0, locked_until=None, changed_at=START)


@given(TRIES)
def test_wrong_tries_in_a_row_are_never_taken_during_a_wait(tries: list[Try]) -> None:
    pin, now, in_a_row, free_again = fresh(), START, 0, START
    for one in tries:
        now += timedelta(seconds=one.after_seconds)
        if now < free_again:
            with pytest.raises(PinLocked) as locked:
                check_may_try(pin, now=now)
            assert now + timedelta(seconds=locked.value.retry_after or 0) >= free_again
            continue
        check_may_try(pin, now=now)
        pin = pin.with_right_try() if one.right else pin.with_wrong_try(now=now)
        in_a_row = 0 if one.right else in_a_row + 1
        free_again = now + wait_after(in_a_row) if in_a_row and in_a_row % PIN_TRIES == 0 else now
        assert pin.wrong_tries == in_a_row


@given(st.integers(0, 10_000))
def test_the_wait_never_shrinks_and_never_passes_a_day(wrong: int) -> None:
    assert wait_after(wrong) <= wait_after(wrong + 1) <= MAX_WAIT


@given(st.text(max_size=60))
def test_whatever_is_typed_is_six_digits_or_refused(text: str) -> None:
    try:
        pin = parse_pin(text)
    except PinMalformed:
        return
    assert len(pin) == 6
    assert pin.isascii()
    assert pin.isdigit()


@given(st.from_regex(r"[0-9]{6}", fullmatch=True), st.sets(st.from_regex(r"[0-9]{6}", fullmatch=True)))
def test_what_is_to_be_avoided_is_always_refused(pin: str, avoid: set[str]) -> None:
    with pytest.raises(PinWeak):
        check_strong(pin, avoid=avoid | {pin})


@given(st.integers(0, 9))
def test_one_digit_repeated_is_always_refused(digit: int) -> None:
    with pytest.raises(PinWeak):
        check_strong(str(digit) * 6)


@pytest.mark.parametrize("pin", ["123123", "121212", "112211", "456789", "987654"])
def test_patterns_are_refused(pin: str) -> None:
    with pytest.raises(PinWeak):
        check_strong(pin)


@pytest.mark.parametrize("pin", ["135790", "123132", "121213", "112233"])
def test_what_only_looks_like_a_pattern_is_strong_enough(pin: str) -> None:
    check_strong(pin)
