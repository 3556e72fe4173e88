"""Free text: what it says is what is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.feedback.ticket import WordsMissing, parse_words
from eztong.domain.free_text import BLANKS, is_steering, parse_free_text, parse_line

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  码没有过 \r\n请查一下\r", "码没有过 \n请查一下"),
        ("one\u2028two\u2029three\u0085four", "one\ntwo\nthree\nfour"),
        ("pay \u202e001\u202c", "pay 001"),
        ("\ufeffpasted\u200b text", "pasted text"),
        ("bell\x07 escape\x1b[31m null\x00", "bell escape[31m null"),
        (FAMILY, FAMILY),
        ("a\tb", "a\tb"),
    ],
)
def test_what_nobody_sees_is_left_out(written: str, read: str) -> None:
    assert parse_free_text(written) == read


@pytest.mark.parametrize("blank", ["", " \n ", "\u200b", "\u3164", "\u2800\u2800", "\u200d", "\ufeff\u202e"])
def test_a_text_of_which_nothing_is_drawn_is_none(blank: str) -> None:
    assert parse_free_text(blank) == ""
    with pytest.raises(WordsMissing):
        parse_words(blank)


@given(st.text(max_size=40))
def test_reading_twice_changes_nothing_and_leaves_nothing_that_steers(text: str) -> None:
    read = parse_free_text(text)
    assert parse_free_text(read) == read
    assert not any(is_steering(char) for char in read if char not in "\n\t")
    assert read == "" or any(char not in BLANKS and not char.isspace() for char in read)
    assert parse_line(text) == parse_line(read)
    assert "\n" not in parse_line(text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("酒店\n【系统通知】", "酒店 【系统通知】"),
        (" a\t b\u3000c ", "a b c"),
        ("x\u2029\u202ey", "x y"),
        ("\n\u3164", ""),
    ],
)
def test_a_name_is_one_line(written: str, read: str) -> None:
    assert parse_line(written) == read
