"""Presentation codes: whatever is typed or scanned gives a code or one of our errors; no slip of a digit passes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eztong.domain.codes.presentation_code import (
    Method,
    PresentedCode,
    check_qr,
    group_number,
    make_number,
    make_qr,
    parse_presented,
)
from eztong.domain.errors import (
    CodeCheckDigitWrong,
    CodeClockSkew,
    CodeForged,
    CodeMalformed,
    EztongError,
)
from eztong.gm.sm3 import hmac_sm3

NOW = datetime(2026, 1, 15, 1, tzinfo=UTC)
DIGITS = "0123456789"
NOISE = " \t\n-\u00a0\u200b\u3000"
numbers = st.integers(0, 10**15 - 1).map(make_number)
keys = st.integers(1, 999)


def tag(key_number: int, head: bytes) -> bytes:
    """Return the tag under one of many keys."""
    return hmac_sm3(key_number.to_bytes(2), head)


@st.composite
def qr_payloads(draw: st.DrawFn, seconds: st.SearchStrategy[int] = st.integers(-(10**6), 5)) -> str:  # noqa: B008 - a strategy never changes
    key_number = draw(keys)
    return make_qr(
        handle=draw(st.integers(0, 2**96 - 1)),
        issued_at=NOW + timedelta(seconds=draw(seconds)),
        key_number=key_number,
        tag=lambda head: tag(key_number, head),
    )


codes = st.one_of(numbers, qr_payloads())


@given(
    st.one_of(
        st.text(max_size=220),
        st.text(DIGITS + NOISE + "０８８x", max_size=220),
        st.text(DIGITS, min_size=75, max_size=75),
    )
)
def test_arbitrary_text_gives_a_code_or_one_of_our_errors(text: str) -> None:
    try:
        presented = parse_presented(text)
        check_qr(presented, now=NOW, tag=tag)
    except EztongError:
        return
    assert presented.digits.isascii()
    assert presented.digits.isdigit()


@given(st.text(DIGITS, min_size=73, max_size=73).map(lambda rest: PresentedCode(Method.QR, "01" + rest)))
def test_arbitrary_digits_in_the_form_of_a_qr_are_forged(presented: PresentedCode) -> None:
    with pytest.raises(CodeForged):
        check_qr(presented, now=NOW, tag=tag)


@given(codes)
def test_a_code_is_read_back_as_it_was_made(code: str) -> None:
    presented = parse_presented(code)
    assert presented.digits == code
    assert presented.method is (Method.NUMBER if len(code) == 18 else Method.QR)
    check_qr(presented, now=NOW, tag=tag)


@given(
    code=codes,
    noise=st.lists(st.tuples(st.integers(0, 75), st.sampled_from(NOISE)), max_size=12),
    full_width=st.booleans(),
)
def test_noise_of_scanners_and_input_methods_does_not_matter(
    code: str, noise: list[tuple[int, str]], *, full_width: bool
) -> None:
    typed = code.translate(str.maketrans(DIGITS, "０１２３４５６７８９")) if full_width else code
    for place, mark in noise:
        typed = typed[:place] + mark + typed[place:]
    assert parse_presented(typed).digits == code


@given(codes, st.data())
def test_any_single_changed_digit_is_refused_before_any_lookup(code: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from(DIGITS.replace(code[place], "")))
    with pytest.raises(CodeMalformed):
        parse_presented(code[:place] + other + code[place + 1 :])


@given(numbers)
def test_every_single_digit_slip_in_the_body_of_a_number_is_called_a_slip(number: str) -> None:
    for place in range(2, 18):
        for digit in DIGITS.replace(number[place], ""):
            with pytest.raises(CodeCheckDigitWrong):
                parse_presented(number[:place] + digit + number[place + 1 :])


@given(qr_payloads(), st.data())
def test_two_swapped_neighbours_of_a_qr_are_refused(code: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(code) - 2))
    assume(code[place] != code[place + 1])
    with pytest.raises(CodeMalformed):
        parse_presented(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


@given(codes, st.integers(0, 74), st.sampled_from(["cut", "double"]))
def test_a_lost_or_doubled_digit_is_malformed(code: str, place: int, how: str) -> None:
    place %= len(code)
    changed = code[:place] + code[place + 1 :] if how == "cut" else code[: place + 1] + code[place:]
    with pytest.raises(CodeMalformed):
        parse_presented(changed)


@given(qr_payloads(seconds=st.integers(6, 10**8)))
def test_a_qr_from_the_future_is_clock_skew(code: str) -> None:
    with pytest.raises(CodeClockSkew):
        check_qr(parse_presented(code), now=NOW, tag=tag)


@given(qr_payloads(), keys)
def test_a_tag_under_another_key_is_forged(code: str, shift: int) -> None:
    assume(shift != 999)
    with pytest.raises(CodeForged):
        check_qr(parse_presented(code), now=NOW, tag=lambda number, head: tag((number + shift) % 1000, head))


@given(numbers)
def test_a_grouped_number_reads_as_the_same_number(number: str) -> None:
    grouped = group_number(number)
    assert [len(part) for part in grouped.split(" ")] == [4, 4, 4, 6]
    assert parse_presented(grouped).digits == number
