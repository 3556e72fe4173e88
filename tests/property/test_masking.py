"""Masks never reveal what lies between the ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.identity.masking import NumberMask, mask_name, mask_number, mask_phone

# Every character of a drawn text is unique, so a character of the mask tells where it came from.
letters = st.lists(st.characters(codec="utf-8", exclude_characters="*· "), unique=True, max_size=30)
texts = letters.map("".join)


@given(texts)
def test_a_names_middle_never_shows(name: str) -> None:
    """Of three or more characters only the first and the last are seen, of two the last."""
    shown = [char for char in mask_name(name) if char != "*"]
    expected = [name[0], name[-1]] if len(name) > 2 else list(name[1:])
    assert shown == expected


@given(st.lists(texts.filter(bool), min_size=2, max_size=5), st.sampled_from("· "))
def test_every_part_shows_its_first_character_only(parts: list[str], joint: str) -> None:
    """Neither the rest of a part nor its length is seen."""
    assert mask_name(joint.join(parts)) == joint.join(f"{part[0]}***" for part in parts)


@given(texts, st.sampled_from(NumberMask))
def test_a_numbers_middle_never_shows(value: str, form: NumberMask) -> None:
    """The mask is as long as the number, and nothing between the ends is seen."""
    masked = mask_number(value, form=form)
    first, last = {NumberMask.SHORT: (1, 1), NumberMask.LONG: (3, 4)}[form]
    assert len(masked) == len(value)
    assert set(masked[first : len(value) - last]) <= {"*"}


@given(st.text(max_size=20))
def test_a_phones_middle_never_shows(value: str) -> None:
    """Four digits in the middle are always stars."""
    masked = mask_phone(value)
    assert len(masked) == len(value)
    assert set(masked[3:-4]) <= {"*"}
