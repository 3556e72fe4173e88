"""Presentation codes: worked examples of both spellings, lives, states, and what is never shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import (
    REMEMBERED,
    Asking,
    Channel,
    CodeState,
    Method,
    PresentationCode,
    ShownCode,
    Turn,
    check_qr,
    group_number,
    hash_asking,
    judge_try,
    make_number,
    make_qr,
    number_rows,
    parse_presented,
)
from eztong.domain.errors import (
    CodeAlreadyUsed,
    CodeCancelled,
    CodeCheckDigitWrong,
    CodeClockSkew,
    CodeExpired,
    CodeForged,
    CodeMalformed,
    CodeUnknown,
    EztongError,
)
from eztong.domain.identifiers import AcceptanceId, CodeId, DeviceId, HolderId, PartnerId, VerificationId

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


ASKING = Asking(
    partner_id=PartnerId("hotel"), asker="key_1", scene="check_in", desk=None, wants=frozenset({Claim.IS_PERSON})
)
MINE, THEIRS = hash_asking(ASKING), hash_asking(replace(ASKING, asker="key_2"))
USED = replace(CODE, state=CodeState.CONSUMED, verification_id=VerificationId("ver_1"), asking_hash=MINE)


def judge(code: PresentationCode, seconds: float, asking_hash: bytes = MINE) -> Turn:
    return judge_try(code, asking_hash=asking_hash, now=NOW + SECOND * seconds)


@pytest.mark.parametrize(
    ("state", "seconds", "error"),
    [
        (CodeState.ISSUED, 60, CodeExpired),
        (CodeState.ISSUED, 61, CodeExpired),
        (CodeState.CANCELLED, 60, CodeExpired),
        (CodeState.SUPERSEDED, 1, CodeCancelled),
        (CodeState.SUPERSEDED, 61, CodeCancelled),
        (CodeState.EXPIRED, 1, CodeExpired),
        (CodeState.CONSUMED, 1, CodeAlreadyUsed),
    ],
)
def test_a_code_that_is_over_is_refused_as_what_it_is(state: CodeState, seconds: int, error: type[EztongError]) -> None:
    with pytest.raises(error):
        judge(replace(CODE, state=state), seconds)


@pytest.mark.parametrize("state", [CodeState.ISSUED, CodeState.CANCELLED])
def test_the_first_try_makes_the_verification_to_the_last_moment_also_of_a_cancelled_code(state: CodeState) -> None:
    code = replace(CODE, state=state)
    assert {judge(code, 0), judge(code, 59.999)} == {Turn.FIRST}


@pytest.mark.parametrize("state", [CodeState.CONSUMED, CodeState.CANCELLED])
def test_the_same_question_within_the_life_is_a_repeat_and_any_other_or_a_later_one_is_a_replay(
    state: CodeState,
) -> None:
    used = replace(USED, state=state)
    assert {judge(used, 0), judge(used, 59.999)} == {Turn.REPEAT}
    for seconds, asked in ((1, THEIRS), (60, MINE), (3600, MINE)):
        with pytest.raises(CodeAlreadyUsed):
            judge(used, seconds, asked)


def test_a_code_that_was_used_before_askers_were_noted_is_never_a_repeat() -> None:
    with pytest.raises(CodeAlreadyUsed):
        judge(replace(USED, asking_hash=None), 1)


@pytest.mark.parametrize("code", [USED, *(replace(CODE, state=state) for state in CodeState)])
def test_a_day_after_its_life_a_code_is_told_from_an_unknown_one_no_more(code: PresentationCode) -> None:
    over = 60 + REMEMBERED.total_seconds()
    with pytest.raises(CodeUnknown):
        judge(code, over)
    with pytest.raises((CodeAlreadyUsed, CodeCancelled, CodeExpired)):
        judge(code, over - 0.001)


def test_a_clock_that_was_set_back_prolongs_no_life_of_either_spelling() -> None:
    assert judge(CODE, -5) is Turn.FIRST
    for code in (CODE, USED):
        with pytest.raises(CodeClockSkew):
            judge(code, -5.001)


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKING, partner_id=PartnerId("library")),
        replace(ASKING, asker="key_2"),
        replace(ASKING, scene="check_out"),
        replace(ASKING, desk=""),
        replace(ASKING, desk="front-1"),
        replace(ASKING, wants=frozenset()),
        replace(ASKING, wants=frozenset({Claim.IS_PERSON, Claim.MASKED_NAME})),
    ],
)
def test_another_partner_asker_scene_desk_or_want_is_another_question(other: Asking) -> None:
    assert hash_asking(other) != MINE
    assert hash_asking(replace(ASKING)) == MINE


def test_on_a_screen_the_number_stands_in_two_rows_of_the_groups_that_people_read() -> None:
    number = make_number(123_456_789_012_345)
    assert " ".join(number_rows(number)) == group_number(number)
    assert [len(row) for row in number_rows(number)] == [9, 11]
