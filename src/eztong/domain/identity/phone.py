"""Mainland mobile numbers: the phone that receives message codes.

Eleven digits starting 13 to 19 (ITU-T E.164 country code 86). Landlines and numbers of Hong Kong,
Macau, Taiwan and abroad cannot be bound.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from typing_extensions import override

from eztong.domain.errors import InputInvalid

LENGTH: Final = 11
"""Digits of a mainland mobile number without the country code."""

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_COUNTRY_CODE = re.compile(r"(?:\+|00)86")
_OTHER_COUNTRY_CODE = re.compile(r"(?:\+|00)[1-9]")
_BARE_COUNTRY_CODE = re.compile(r"86(?=[0-9]{11}\Z)")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# People group digits with these; phone books and autofill do, too.
_GROUPING = frozenset("-()‐‑‒–—")


class PhoneInvalid(InputInvalid):
    """The text is not a mainland mobile number; the subclass says why."""

    code = "phone_invalid"
    advice = "Type the 11 digits of a mainland mobile number."


class PhoneCharacter(PhoneInvalid):
    """Something other than digits is in the number.

    Cause: letters, Chinese text or symbols were typed or pasted along.
    What to do: type digits only; spaces, hyphens and a leading +86 do no harm.
    """

    code = "phone_character"
    advice = "Type digits only; spaces, hyphens and a leading +86 do no harm."


class PhoneLength(PhoneInvalid):
    """There are more or fewer than 11 digits.

    Cause: a digit is missing or was typed twice, or it is a landline.
    What to do: type all 11 digits of the mobile number.
    """

    code = "phone_length"
    advice = "Type all 11 digits of the mobile number."


class PhoneNotMobile(PhoneInvalid):
    """The 11 digits do not start with 13 to 19.

    Cause: a landline with its area code, or a slip in the first two digits.
    What to do: use a mobile number that can receive text messages.
    """

    code = "phone_not_mobile"
    advice = "Use a mainland mobile number that can receive text messages."


class PhoneForeign(PhoneInvalid):
    """The number carries a country code other than +86.

    Cause: a number of Hong Kong, Macau, Taiwan or abroad.
    What to do: use a mainland mobile number; others cannot be bound yet.
    """

    code = "phone_foreign"
    advice = "Use a mainland mobile number; numbers with another country code cannot be bound."


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Phone:
    """A mainland mobile number, as ``parse_phone`` verified it. Printing it shows nothing."""

    value: str
    """Eleven ASCII digits, without country code."""

    @override
    def __repr__(self) -> str:
        """Hide the number: it must not reach a log."""
        return "Phone(***)"


def parse_phone(text: str) -> Phone:
    """Return the mobile number in ``text``.

    Spaces (also U+3000, U+00A0 and zero-width ones), hyphens, brackets and a leading ``+86``,
    ``0086`` or ``86`` are dropped, full-width digits become ASCII.

    Raises:
        PhoneForeign: another country code is given.
        PhoneCharacter: something other than digits remains.
        PhoneLength: there are not 11 digits.
        PhoneNotMobile: they do not start with 13 to 19.
    """
    digits = _without_country_code(_squeezed(text))
    if _OTHER_COUNTRY_CODE.match(digits):
        raise PhoneForeign
    if not (digits.isascii() and (digits.isdigit() or not digits)):
        raise PhoneCharacter
    if len(digits) != LENGTH:
        raise PhoneLength
    if not _MOBILE.fullmatch(digits):
        raise PhoneNotMobile
    return Phone(value=digits)


def _squeezed(text: str) -> str:
    kept = (char for char in text.translate(_FULL_WIDTH) if not _is_filling(char))
    return "".join(kept)


def _is_filling(char: str) -> bool:
    return char.isspace() or char in _GROUPING or unicodedata.category(char) == "Cf"


def _without_country_code(number: str) -> str:
    for prefix in (_COUNTRY_CODE, _BARE_COUNTRY_CODE):
        found = prefix.match(number)
        if found:
            return number[found.end() :]
    return number
