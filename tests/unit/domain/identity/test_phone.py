"""Mainland mobile numbers: ways of typing one, and one refusal per fault."""

from __future__ import annotations

import pytest

from eztong.domain.errors import EztongError, InputInvalid
from eztong.domain.identity.phone import (
    PhoneCharacter,
    PhoneForeign,
    PhoneInvalid,
    PhoneLength,
    PhoneNotMobile,
    parse_phone,
)


@pytest.mark.parametrize(
    "typed",
    [
        "13800005678",
        "138 0000 5678",
        "138-0000-5678",
        "+86 138 0000 5678",
        "+86-13800005678",
        "(+86)13800005678",
        "008613800005678",
        "8613800005678",
        "１３８００００５６７８",
        "＋８６ １３８００００５６７８",
        "\u200b138\u30000000\u00a05678\u202c",
    ],
)
def test_ways_of_typing_are_folded(typed: str) -> None:
    """Country code, grouping, full-width and invisible characters make no difference."""
    assert parse_phone(typed).value == "13800005678"


@pytest.mark.parametrize("prefix", ["13", "14", "15", "16", "17", "18", "19"])
def test_all_mobile_prefixes_are_in(prefix: str) -> None:
    """13 to 19 are mobile."""
    assert parse_phone(f"{prefix}000005678").value.startswith(prefix)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", PhoneLength),
        ("1380000567", PhoneLength),
        ("138000056789", PhoneLength),
        ("+86", PhoneLength),
        ("861380000567", PhoneLength),
        ("+861380000567", PhoneLength),
        ("10000005678", PhoneNotMobile),
        ("12000005678", PhoneNotMobile),
        ("02112345678", PhoneNotMobile),
        ("23800005678", PhoneNotMobile),
        ("+852 5123 4567", PhoneForeign),
        ("0085251234567", PhoneForeign),
        ("+1 202 555 0100", PhoneForeign),
        ("1380000567a", PhoneCharacter),
        ("手机", PhoneCharacter),
        ("138000056٧8", PhoneCharacter),
        ("1380000567²", PhoneCharacter),
        ("138+0000567", PhoneCharacter),
        ("+", PhoneCharacter),
    ],
)
def test_every_fault_has_its_error(typed: str, error: type[PhoneInvalid]) -> None:
    """Each slip is told apart, so that the advice fits."""
    with pytest.raises(error):
        parse_phone(typed)


def test_printing_a_phone_shows_nothing() -> None:
    """Neither repr, str nor format reveals the number."""
    phone = parse_phone("13800005678")
    assert {repr(phone), str(phone), f"{phone}"} == {"Phone(***)"}


def test_error_codes_never_change_and_repeat_no_digits() -> None:
    """Doors and translations hang on the codes; messages may be logged."""
    assert {kind.code for kind in PhoneInvalid.__subclasses__()} == {
        "phone_character",
        "phone_length",
        "phone_not_mobile",
        "phone_foreign",
    }
    assert issubclass(PhoneInvalid, InputInvalid)
    with pytest.raises(EztongError) as raised:
        parse_phone("+852 5123 4567")
    assert "5123" not in raised.value.detail
