"""Real names: keys are stable, comparing is symmetric, nothing unexpected is raised."""

from __future__ import annotations

import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.errors import EztongError
from eztong.domain.identity.name_codepoints import SEPARATOR_FAMILY, STAND_INS, STANDARD_OF_PRIVATE_USE
from eztong.domain.identity.real_name import NameOutcome, RealName, compare_names, parse_real_name

han = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
rare = st.sampled_from("䶮𬎆𫖯𰻝〇\uf967\u2f4a\ue863\ue816")
latin = st.sampled_from("abcdefgéßŉǰΐςiIıẞﬁ")
fillings = st.sampled_from(" \u3000\u200b\ufe0f·•・．.。｡･●-'’\u0301\uff9e?□()")
name_texts = st.text(st.one_of(han, rare, latin, fillings, st.characters()), max_size=30)
plain_names = st.text(han, min_size=1, max_size=20)


def may_fold(code_point: int) -> bool:
    """Leave out the tens of thousands of letters that every step passes by."""
    char = chr(code_point)
    folds = unicodedata.normalize("NFKC", char.upper()) != char
    return folds or unicodedata.category(char) not in {"Lo", "Cn", "Co", "Cs"}


def parsed_or_none(text: str) -> RealName | None:
    """Parse what parses."""
    with contextlib.suppress(EztongError):
        return parse_real_name(text)
    return None


@given(st.one_of(st.text(), name_texts))
def test_arbitrary_text_raises_expected_errors_only(text: str) -> None:
    """Whatever is typed, the answer is a name or one of our errors."""
    name = parsed_or_none(text)
    assert name is None or name.as_entered == text


@given(name_texts)
def test_the_match_key_is_its_own_match_key(text: str) -> None:
    """Folding twice is folding once."""
    name = parsed_or_none(text)
    if name is not None:
        assert parse_real_name(name.match_key).match_key == name.match_key


@given(name_texts)
def test_the_display_form_is_stable_and_has_the_same_key(text: str) -> None:
    """What is shown may be typed in again."""
    name = parsed_or_none(text)
    if name is not None:
        again = parse_real_name(name.display)
        assert (again.display, again.match_key) == (name.display, name.match_key)


@given(name_texts, name_texts)
def test_comparing_is_symmetric(one: str, other: str) -> None:
    """It does not matter who has which spelling."""
    left, right = parsed_or_none(one), parsed_or_none(other)
    if left is not None and right is not None:
        assert compare_names(left, right) == compare_names(right, left)


@given(name_texts)
def test_a_readable_name_matches_itself_without_a_note(text: str) -> None:
    """The same text twice is a match, or unreadable twice."""
    name = parsed_or_none(text)
    if name is not None:
        expected = NameOutcome.MATCH if name.is_readable else NameOutcome.NEEDS_HUMAN
        assert compare_names(name, name).outcome is expected


@given(plain_names, plain_names)
def test_different_han_names_never_match(one: str, other: str) -> None:
    """No folding joins two ordinary names."""
    same = one == other
    answer = compare_names(parse_real_name(one), parse_real_name(other)).outcome
    assert answer is (NameOutcome.MATCH if same else NameOutcome.MISMATCH)


@given(plain_names, plain_names, st.sampled_from(sorted(SEPARATOR_FAMILY)))
def test_any_separator_is_the_official_one(first: str, second: str, dot: str) -> None:
    """Whatever dot joins two parts, key and display hold U+00B7."""
    name = parse_real_name(f"{first}{dot}{second}")
    assert name.match_key == name.display == f"{first}·{second}"


@given(plain_names, plain_names, st.sampled_from(sorted(STAND_INS)))
def test_a_stand_in_is_never_a_mismatch(one: str, other: str, stand_in: str) -> None:
    """However different the rest is, a human decides."""
    answer = compare_names(parse_real_name(one), parse_real_name(other + stand_in))
    assert answer.outcome is NameOutcome.NEEDS_HUMAN


@pytest.mark.parametrize("plane", [0, 1, 2, 14])
def test_every_character_that_folds_has_a_stable_key(plane: int) -> None:
    """All of Unicode that any step could change, one at a time beside a Han and Latin letters."""
    for code_point in filter(may_fold, range(plane << 16, (plane + 1) << 16)):
        for text in (f"测{chr(code_point)}", f"a{chr(code_point)}b"):
            name = parsed_or_none(text)
            if name is not None:
                assert parse_real_name(name.match_key).match_key == name.match_key
                assert parse_real_name(name.display).match_key == name.match_key


@given(st.sampled_from(sorted(STANDARD_OF_PRIVATE_USE)), plain_names)
def test_private_use_never_reaches_key_or_display(code_point: int, name: str) -> None:
    """Known private-use characters are written in standard ones, or refused as punctuation."""
    parsed = parsed_or_none(name + chr(code_point))
    if parsed is not None:
        assert chr(code_point) not in parsed.match_key + parsed.display
