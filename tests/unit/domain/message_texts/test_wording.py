"""A replacement has the placeholders of what it replaces and no address; else it is refused, naming what is wrong."""

from __future__ import annotations

import pytest

from eztong.domain.message_texts.wording import LONGEST, TextInvalid, Wording, parse_wording, placeholders, wording_hash

OWN = Wording(zh="验证码 {otp}，用于{purpose}。", en="{otp} is your code to {purpose}.")


def test_what_fits_is_kept_on_one_line() -> None:
    wording = parse_wording("  {purpose}：\n{otp}", "To {purpose}: {otp}", own=OWN)
    assert wording == Wording(zh="{purpose}： {otp}", en="To {purpose}: {otp}")
    assert (wording.fits(OWN), wording.is_own, wording.text("en"), wording.text("zh-CN")) == (
        True,
        False,
        wording.en,
        wording.zh,
    )


@pytest.mark.parametrize("said", [(OWN.zh, OWN.en), (f" {OWN.zh} ", OWN.en), ("", " ")])
def test_what_the_program_says_anyway_is_the_programs_own(said: tuple[str, str]) -> None:
    assert parse_wording(*said, own=OWN) == Wording()
    assert Wording().is_own


@pytest.mark.parametrize(
    ("zh", "en", "where", "problem", "names"),
    [
        ("", "{otp} {purpose}", "zh", "empty", ""),
        ("{otp}{purpose}", "", "en", "empty", ""),
        ("{otp}", "{otp} {purpose}", "zh", "missing", "{purpose}"),
        ("{otp}{purpose}{minutes}", "x", "zh", "unknown", "{minutes}"),
        ("{otp}{purpose}", "{otp} {purpose} {name} {link}", "en", "unknown", "{name}, {link}"),
        ("{otp}{purpose}}", "x", "zh", "braces", ""),
        ("{otp!r}{purpose}", "x", "zh", "braces", ""),
        ("{otp.__class__}{purpose}", "x", "zh", "braces", ""),
        ("{otp}{purpose}见 http://a.cn", "x", "zh", "address", ""),
        ("{otp}{purpose}", "{otp} {purpose} WWW.a.cn", "en", "address", ""),
        ("{otp}{purpose}\u202e", "x", "zh", "plain", ""),
        ("{otp}{purpose}" + "长" * LONGEST["zh"], "x", "zh", "long", "300"),
    ],
)
def test_anything_else_says_what_is_wrong_where(zh: str, en: str, where: str, problem: str, names: str) -> None:
    with pytest.raises(TextInvalid) as caught:
        parse_wording(zh, en, own=OWN)
    assert (caught.value.language, caught.value.problem, caught.value.names) == (where, problem, names)


def test_what_was_made_for_other_placeholders_does_not_fit() -> None:
    assert not OWN.fits(Wording(zh="{otp}", en="{otp}"))
    assert placeholders("{a}{b} {a}") == ["a", "b"]


def test_the_hash_names_text_and_words() -> None:
    hashes = {wording_hash("otp", OWN), wording_hash("test", OWN), wording_hash("otp", Wording())}
    assert len(hashes) == 3
