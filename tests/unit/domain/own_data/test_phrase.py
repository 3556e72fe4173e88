"""Phrases by which holders know the service's pages: words that one recognises, and no PIN."""

from __future__ import annotations

import pytest

from eztong.domain.own_data.phrase import LONGEST, PhraseInvalid, parse_phrase


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("桂花糕", "桂花糕"),
        ("  Gran's \t blue   teapot ", "Gran's blue teapot"),
        ("e\u0301te\u0301", "\u00e9t\u00e9"),
        ("外婆62", "外婆62"),
        ("一五一十", "一五一十"),
        ("千里江山三百首", "千里江山三百首"),
        ("七八三外婆二五", "七八三外婆二五"),
        ("Someone's two cats", "Someone's two cats"),
        ("𬎆好", "𬎆好"),
        ("\u0f56\u0f7c\u0f51", "\u0f56\u0f7c\u0f51"),
        ("\u0f56\u0f66\u0f92\u0fb2\u0f74\u0f56\u0f66", "\u0f56\u0f66\u0f92\u0fb2\u0f74\u0f56\u0f66"),
        ("q\u0301\u0302x", "q\u0301\u0302x"),
        ("字" * LONGEST, "字" * LONGEST),
    ],
)
def test_words_are_read_as_they_will_be_shown(typed: str, read: str) -> None:
    assert parse_phrase(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "外婆1962",
        "PIN是135790",
        "一三五七九〇",
        "我的一三五七",
        "壹叁伍柒",
        "貳肆 陸捌",
        "两两两两",
        "1三5七",
        "一、三、五、七",
        "①③⑤⑦",
        "१३५७ में",
        "one Three five7",
        "onetwothreefour",
    ],
)
def test_no_digits_of_a_pin_in_whatever_spelling(typed: str) -> None:
    with pytest.raises(PhraseInvalid):
        parse_phrase(typed)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "字", "135790", "13 57 90", "１３５７９０", "1990-01-01", "字" * (LONGEST + 1), "字" * 9999]
    + [f"桂{one}花" for one in ("\x00", "\u200b", "\u202e")]
    + ["\u3164" * 3, "\u115f\u1160", "桂\uffa0花", "q\u0301\u0302\u0303x", "字\u0e49\u0e49\u0e49\u0e49\u0e49"],
)
def test_what_is_no_phrase_is_refused(typed: str) -> None:
    with pytest.raises(PhraseInvalid):
        parse_phrase(typed)
