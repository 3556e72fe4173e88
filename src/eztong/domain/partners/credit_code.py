"""The unified social credit code of an organisation in China (GB 32100-2015): 18 characters, the last one a check.

It is public: every organisation prints it on its licence, and a public register answers to it. The check character
finds slips only; whether the organisation is there, a reviewer looks up.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from eztong.domain.errors import InputInvalid

CREDIT_CODE_LENGTH: Final = 18
ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and capitals without I, O, S, V and Z."""

_BASE: Final = 3
_PLACES: Final = {char: place for place, char in enumerate(ALPHABET)}


class CreditCodeInvalid(InputInvalid):
    """The text is no unified social credit code.

    Cause: a slip; the check character finds every single one.
    What to do: copy it from the licence, 18 characters without blanks.
    """

    code = "credit_code_invalid"
    advice = "Copy the unified social credit code from the licence: 18 characters, with no I, O, S, V or Z."


def credit_code_check(body: str) -> str:
    """Return the check character of the first 17 characters (GB 32100-2015, 5.2).

    Raises:
        KeyError: a character outside the alphabet (programmer's mistake).
    """
    total = sum(_PLACES[char] * pow(_BASE, place, len(ALPHABET)) for place, char in enumerate(body))
    return ALPHABET[-total % len(ALPHABET)]


def parse_credit_code(text: str) -> str:
    """Return the code in ``text`` in capitals; full-width characters and outer spaces are mended.

    Raises:
        CreditCodeInvalid: another length, a character that is none of them, or a wrong check character.
    """
    code = unicodedata.normalize("NFKC", text).strip().upper()
    if len(code) != CREDIT_CODE_LENGTH or not set(code) <= set(ALPHABET):
        raise CreditCodeInvalid
    if credit_code_check(code[:-1]) != code[-1]:
        raise CreditCodeInvalid
    return code
