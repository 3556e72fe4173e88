"""Masks: the forms people see."""

from __future__ import annotations

import pytest

from eztong.domain.identity.masking import NumberMask, mask_name, mask_number, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", "*"),
        ("测", "*"),
        ("测䶮", "*䶮"),
        ("测𬎆", "*𬎆"),
        ("王小明", "王*明"),
        ("测一一", "测*一"),
        ("欧阳测测", "欧*测"),
        ("𬎆测𫖯", "𬎆*𫖯"),
        ("古丽·艾试", "古***·艾***"),
        ("测买·艾试", "测***·艾***"),
        ("测古丽·阿卜杜买买提·测艾合麦提江·试图尔荪", "测***·阿***·测***·试***"),
        ("TEST PR", "T*** P***"),
    ],
)
def test_names(name: str, masked: str) -> None:
    """Two characters keep the last, more keep both ends, parts keep their first."""
    assert mask_name(name) == masked


def test_numbers_show_one_character_at_each_end() -> None:
    """The default form."""
    assert mask_number("11000019900307001X") == "1****************X"


def test_the_longer_form_is_for_comparing_with_a_card() -> None:
    """Three in front, four at the end."""
    assert mask_number("11000019900307001X", form=NumberMask.LONG) == "110***********001X"


def test_short_texts_are_hidden_in_full() -> None:
    """A form that would show half the text shows nothing."""
    assert mask_number("1234") == "****"
    assert mask_number("12345678901234", form=NumberMask.LONG) == "*" * 14
    assert mask_number("") == ""


def test_phones_show_three_and_four() -> None:
    """The form every operator in the country prints."""
    assert mask_phone("13800005678") == "138****5678"


@pytest.mark.parametrize("value", ["", "1380000567", "+8613800005678"])
def test_what_is_no_phone_is_hidden_in_full(value: str) -> None:
    """Another length is not understood, so nothing of it is shown."""
    assert mask_phone(value) == "*" * len(value)
