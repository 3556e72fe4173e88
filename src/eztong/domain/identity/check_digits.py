"""Check digits of ISO/IEC 7064: what tells a slip of the finger from a number that was never issued.

Three of the standard's systems are used here:

* MOD 11-2 (one digit or ``X``): citizen numbers, GB 11643-1999.
* MOD 11,10 (one digit): presentation codes, which must stay all digits.
* MOD 97-10 (two digits): QR payloads, where two spare digits cost nothing.

A check digit proves nothing about who made a number; it is no security measure. The ``mod_*``
functions compute and want ASCII digits (anything else is a programmer's mistake, ``ValueError``);
the ``check_*`` functions take untrusted text and return its verified body or raise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eztong.domain.errors import InputInvalid

if TYPE_CHECKING:
    from collections.abc import Callable

_DIGITS = re.compile(r"[0-9]+")
_MOD_11_2_SYMBOLS = "0123456789X"
_LEAST_PAIR, _MOST_PAIR = "02", "98"


class CheckDigitWrong(InputInvalid):
    """The check digit does not fit the rest, or there is no rest to fit.

    Cause: a digit was mistyped, left out or swapped with its neighbour.
    What to do: read the number again and type it anew.
    """

    code = "check_digit"
    advice = "One character is wrong: read the number again and type it anew."


def mod_11_2_digit(body: str) -> str:
    """Return the ISO 7064 MOD 11-2 check character of ``body``: ``0`` to ``9`` or ``X`` (ten).

    It finds every single wrong digit and every swap of two neighbours.

    Raises:
        ValueError: ``body`` is not one or more ASCII digits.
    """
    total = 0
    for digit in _digits_of(body):
        total = (total + digit) * 2 % 11
    return _MOD_11_2_SYMBOLS[(1 - total) % 11]


def mod_11_10_digit(body: str) -> str:
    """Return the ISO 7064 MOD 11,10 check digit of ``body``: ``0`` to ``9``.

    It finds every single wrong digit and nearly every swap of two neighbours, without an ``X``.

    Raises:
        ValueError: ``body`` is not one or more ASCII digits.
    """
    product = 10
    for digit in _digits_of(body):
        # The standard counts a remainder of zero as ten: this is what makes the system «hybrid».
        product = ((product + digit) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def mod_97_10_digits(body: str) -> str:
    """Return the two ISO 7064 MOD 97-10 check digits of ``body``: ``02`` to ``98``.

    They find every single wrong digit and every swap of two neighbours.

    Raises:
        ValueError: ``body`` is not one or more ASCII digits.
    """
    if not _DIGITS.fullmatch(body):
        raise ValueError("a check digit is computed over one or more ASCII digits")
    return f"{98 - int(body) * 100 % 97:02d}"


def check_mod_11_2(text: str) -> str:
    """Return ``text`` without its last character once that is its MOD 11-2 check character.

    Raises:
        CheckDigitWrong: it is not; a small ``x`` is not accepted either.
    """
    return _check(text, digit_of=mod_11_2_digit)


def check_mod_11_10(text: str) -> str:
    """Return ``text`` without its last digit once that is its MOD 11,10 check digit.

    Raises:
        CheckDigitWrong: it is not.
    """
    return _check(text, digit_of=mod_11_10_digit)


def check_mod_97_10(text: str) -> str:
    """Return ``text`` without its last two digits once those are its MOD 97-10 check digits.

    Raises:
        CheckDigitWrong: they are not. ``00``, ``01`` and ``99`` never are, though some would fit
            by arithmetic: one body has one pair of check digits.
    """
    # The whole leaves 1 (ISO 7064 section 8.2): one division instead of computing the pair anew for each scanned code.
    body, pair = text[:-2], text[-2:]
    if (
        not body
        or not (text.isascii() and text.isdigit())
        or not _LEAST_PAIR <= pair <= _MOST_PAIR
        or int(text) % 97 != 1
    ):
        raise CheckDigitWrong
    return body


def _check(text: str, *, digit_of: Callable[[str], str]) -> str:
    body, given = text[:-1], text[-1:]
    if not _DIGITS.fullmatch(body) or digit_of(body) != given:
        raise CheckDigitWrong
    return body


def _digits_of(body: str) -> list[int]:
    # str.isdigit() would let Arabic-Indic and superscript digits through.
    if not _DIGITS.fullmatch(body):
        raise ValueError("a check digit is computed over one or more ASCII digits")
    return [int(character) for character in body]
