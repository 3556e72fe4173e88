"""A replacement has the placeholders of what it replaces and no address; else it is refused, naming what is wrong."""

from __future__ import annotations

import pytest

from eztong.domain.message_texts.wording import LONGEST, TextInvalid, Wording, parse_wording, placeholders, wording_hash
from eztong.i18n.message_texts import OWN_TEXTS

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
        ("{otp}{purpose}，见 eid-safe.cn/v", "x", "zh", "address", ""),
        ("{otp}{purpose}，见身份.中国", "x", "zh", "address", ""),
        ("{otp}{purpose} ｈｔｔｐｓ：／／ａ", "x", "zh", "address", ""),
        ("{otp}{purpose}见a。cn", "x", "zh", "address", ""),
        ("{otp}{purpose}", "{otp} {purpose} 192.0.2.7/x", "en", "address", ""),
        ("{otp}{purpose}", "{otp} {purpose}.a.cn", "en", "address", ""),
        ("{otp}{purpose}见e\u200dvil\u200d.cn", "x", "zh", "address", ""),
        ("1{otp}{purpose}", "x", "zh", "apart", ""),
        ("{otp}{purpose}", "{otp}0 {purpose}", "en", "apart", ""),
        ("{otp}{purpose}\u202e", "x", "zh", "plain", ""),
        ("{otp}{purpose}" + "长" * LONGEST["zh"], "x", "zh", "long", "300"),
    ],
)
def test_anything_else_says_what_is_wrong_where(zh: str, en: str, where: str, problem: str, names: str) -> None:
    with pytest.raises(TextInvalid) as caught:
        parse_wording(zh, en, own=OWN)
    assert (caught.value.language, caught.value.problem, caught.value.names) == (where, problem, names)


@pytest.mark.parametrize("drawn_as_nothing", ["\u3164", "\u200d", "\u2800 \u2800"])
def test_a_text_of_which_nothing_is_drawn_is_empty(drawn_as_nothing: str) -> None:
    with pytest.raises(TextInvalid) as caught:
        parse_wording("已办好。", drawn_as_nothing, own=Wording(zh="好。", en="Done."))
    assert (caught.value.language, caught.value.problem) == ("en", "empty")


@pytest.mark.parametrize("said", ["见{link}x", "见 {link}？", "见 x{link} 。", "见 {link}.evil", "见 {link}@evil"])
def test_nothing_touches_a_link(said: str) -> None:
    own = Wording(zh="见 {link} 。", en="See {link}.")
    assert parse_wording("去 {link} 。", "Go to {link}; 1. of it.", own=own).zh == "去 {link} 。"
    with pytest.raises(TextInvalid) as caught:
        parse_wording(said, own.en, own=own)
    assert caught.value.problem in {"apart", "address"}


def test_every_text_of_the_program_would_be_taken() -> None:
    for own in OWN_TEXTS.values():
        parse_wording(f"{own.zh} 好。", f"{own.en} Good.", own=own)


def test_what_was_made_for_other_placeholders_does_not_fit() -> None:
    assert not OWN.fits(Wording(zh="{otp}", en="{otp}"))
    assert placeholders("{a}{b} {a}") == ["a", "b"]


def test_the_hash_names_text_and_words() -> None:
    hashes = {wording_hash("otp", OWN), wording_hash("test", OWN), wording_hash("otp", Wording())}
    assert len(hashes) == 3
