"""The unified social credit code: published examples pass, every single slip is found."""

from __future__ import annotations

import pytest

from eztong.domain.partners.credit_code import ALPHABET, CreditCodeInvalid, credit_code_check, parse_credit_code

# GB 32100-2015, annex, and codes that organisations print on their pages.
PUBLISHED = ["91350100M000100Y43", "91330100799655058B", "91110000802100433B", "91440300708461136T"]


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_pass(code: str) -> None:
    assert parse_credit_code(f" {code.lower()} ") == code
    assert credit_code_check(code[:-1]) == code[-1]


def test_full_width_characters_are_mended() -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) for char in PUBLISHED[0])
    assert parse_credit_code(wide) == PUBLISHED[0]


def test_every_slip_of_one_character_is_found() -> None:
    code = PUBLISHED[0]
    for place, char in enumerate(code):
        for other in ALPHABET.replace(char, ""):
            with pytest.raises(CreditCodeInvalid):
                parse_credit_code(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("code", ["", "91350100M000100Y4", "91350100M000100Y433", "91350100I000100Y43", "九" * 18])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(CreditCodeInvalid):
        parse_credit_code(code)
