"""Presentation codes: worked examples of both spellings, lives, states, and what is never shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.errors import (
    CodeAlreadyUsed,
    CodeCancelled,
    CodeCheckDigitWrong,
    CodeClockSkew,
    CodeExpired,
    CodeForged,
    CodeMalformed,
    EztongError,
)
from eztong.domain.identifiers import AcceptanceId, CodeId, DeviceId, HolderId
from eztong.domain.presentation_code import (
    Channel,
    CodeState,
    Method,
    PresentationCode,
    ShownCode,
    check_consumable,
    check_qr,
    group_number,
    make_number,
    make_qr,
    parse_presented,
)

NOW = datetime(2026, 1, 15, 1, tzinfo=UTC)
NUMBER = "881234567890123458"
QR = make_qr(handle=7, issued_at=NOW, key_number=1, tag=lambda _head: b"\xff" * 32)
SECOND = timedelta(seconds=1)


def test_a_number_is_prefix_fifteen_digits_and_check_digit() -> None:
    assert make_number(123456789012345) == NUMBER
    assert make_number(0).startswith("88000000000000000")
    assert len(make_number(10**15 - 1)) == 18
    assert group_number(NUMBER) == "8812 3456 7890 123458"


def test_a_qr_is_version_key_second_handle_tag_and_check() -> None:
    assert len(QR) == 75
    assert QR[:15] == "01" + "001" + "1768438800"
    assert QR[15:44] == f"{7:029d}"
    assert QR[44:73] == f"{2**96 - 1:029d}", "the first 96 bits of the tag"
    assert int(QR) % 97 == 1, "ISO 7064 MOD 97-10"


@pytest.mark.parametrize(
    ("text", "method"), [(NUMBER, Method.NUMBER), (group_number(NUMBER), Method.NUMBER), (QR, Method.QR)]
)
def test_both_spellings_are_read(text: str, method: Method) -> None:
    presented = parse_presented(text)
    assert presented.method is method
    assert presented.digits in {NUMBER, QR}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", CodeMalformed),
        (NUMBER[:-1], CodeMalformed),
        (NUMBER + "0", CodeMalformed),
        ("87" + NUMBER[2:], CodeMalformed),
        ("02" + QR[2:], CodeMalformed),
        (NUMBER[:-1] + "X", CodeMalformed),
        ("\u0668" + NUMBER[1:], CodeMalformed),
        (NUMBER + " " * 200, CodeMalformed),
        (NUMBER[:-1] + "0", CodeCheckDigitWrong),
        (QR[:-1] + str((int(QR[-1]) + 1) % 10), CodeCheckDigitWrong),
    ],
)
def test_what_is_no_code_is_refused(text: str, error: type[EztongError]) -> None:
    with pytest.raises(error) as caught:
        parse_presented(text)
    assert type(caught.value) is error


def test_a_live_code_is_not_shown_in_logs() -> None:
    shown = ShownCode(
        code_id=CodeId("cod_1"), number=NUMBER, qr=QR, issued_at=NOW, expires_at=NOW + Channel.SCREEN.life
    )
    for value in (shown, parse_presented(NUMBER), parse_presented(QR)):
        assert NUMBER not in repr(value) + str(value)
        assert QR not in repr(value) + str(value)


def test_a_number_carries_no_tag_to_check() -> None:
    check_qr(parse_presented(NUMBER), now=NOW, tag=lambda _number, _head: pytest.fail("there is none"))


@pytest.mark.parametrize(("late", "skewed"), [(-(10**8), False), (0, False), (5, False), (6, True), (10**8, True)])
def test_five_seconds_of_clock_difference_are_forgiven(late: int, *, skewed: bool) -> None:
    code = make_qr(handle=1, issued_at=NOW + SECOND * late, key_number=1, tag=lambda _head: b"t" * 32)
    if not skewed:
        check_qr(parse_presented(code), now=NOW, tag=lambda _number, _head: b"t" * 32)
        return
    with pytest.raises(CodeClockSkew):
        check_qr(parse_presented(code), now=NOW, tag=lambda _number, _head: b"t" * 32)


def test_the_tag_is_looked_at_before_the_time() -> None:
    code = make_qr(handle=1, issued_at=NOW + timedelta(days=1), key_number=1, tag=lambda _head: b"t" * 32)
    with pytest.raises(CodeForged):
        check_qr(parse_presented(code), now=NOW, tag=lambda _number, _head: b"u" * 32)


def test_the_tag_covers_version_key_time_and_handle() -> None:
    seen: list[tuple[int, bytes]] = []

    def tag(number: int, head: bytes) -> bytes:
        seen.append((number, head))
        return b"\xff" * 32

    check_qr(parse_presented(QR), now=NOW, tag=tag)
    assert seen == [(1, QR[:44].encode())]


def test_lives_of_the_channels() -> None:
    assert (Channel.SCREEN.life, Channel.SPOKEN.life) == (timedelta(seconds=60), timedelta(seconds=300))


CODE = PresentationCode(
    code_id=CodeId("cod_1"),
    holder_id=HolderId("hld_1"),
    device_id=DeviceId("dev_1"),
    acceptance_id=AcceptanceId("acc_1"),
    channel=Channel.SCREEN,
    state=CodeState.ISSUED,
    issued_at=NOW,
    expires_at=NOW + SECOND * 60,
)


@pytest.mark.parametrize(
    ("state", "seconds", "error"),
    [
        (CodeState.ISSUED, 60, CodeExpired),
        (CodeState.ISSUED, 61, CodeExpired),
        (CodeState.CONSUMED, 1, CodeAlreadyUsed),
        (CodeState.CONSUMED, 100, CodeAlreadyUsed),
        (CodeState.CANCELLED, 1, CodeCancelled),
        (CodeState.SUPERSEDED, 1, CodeCancelled),
        (CodeState.EXPIRED, 1, CodeExpired),
    ],
)
def test_a_code_that_is_over_is_refused_as_what_it_is(state: CodeState, seconds: int, error: type[EztongError]) -> None:
    with pytest.raises(error):
        check_consumable(replace(CODE, state=state), now=NOW + SECOND * seconds)


def test_an_issued_code_serves_to_its_last_moment() -> None:
    check_consumable(CODE, now=NOW)
    check_consumable(CODE, now=CODE.expires_at - timedelta(microseconds=1))
