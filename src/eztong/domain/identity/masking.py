"""What a person may see of a name or number on a screen that others can see, too.

Masks are made for people, not for machines: they are total functions, never raise, and say nothing
about what they hide, as far as the form allows. A masked value is still personal data.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from eztong.domain.identity.name_codepoints import SEPARATOR

_PARTS = re.compile(f"([{SEPARATOR} ])")
_STAR: Final = "*"
# A fixed run of stars, so that a part's length does not show.
_HIDDEN_PART: Final = "***"
_PHONE_LENGTH: Final = 11


class NumberMask(StrEnum):
    """How much of a number a scene may show."""

    SHORT = "short"
    """First and last character: ``1****************X``. The default."""

    LONG = "long"
    """First three and last four: ``110***********001X``, for a desk that compares with a card."""


_SHOWN: Final = {NumberMask.SHORT: (1, 1), NumberMask.LONG: (3, 4)}


def mask_name(name: str) -> str:
    """Return a name's mask, given its display form (``RealName.display``).

    One character: ``*``. Two: the last stays (``*一``). More: the first and last stay with one star
    between them (``王*明``), whatever the length. Names of several parts, dotted or Latin: every
    part keeps its first character only (``古***·艾***``). A character outside the basic plane
    counts as one, like every other.
    """
    if _PARTS.search(name):
        return "".join(_mask_part(part) for part in _PARTS.split(name) if part)
    if len(name) > 2:  # noqa: PLR2004 - the rule's own number
        return f"{name[0]}{_STAR}{name[-1]}"
    return _STAR + name[1:]


def mask_number(value: str, *, form: NumberMask = NumberMask.SHORT) -> str:
    """Return the mask of a citizen number (or another document's), as long as the number itself.

    Too short a text, of which the form would show half or more, is hidden in full.
    """
    first, last = _SHOWN[form]
    middle = len(value) - first - last
    if middle <= first + last:
        return _STAR * len(value)
    return value[:first] + _STAR * middle + value[-last:]


def mask_phone(value: str) -> str:
    """Return the mask of an 11-digit mobile number: ``138****5678``; any other text in full."""
    if len(value) != _PHONE_LENGTH:
        return _STAR * len(value)
    return f"{value[:3]}****{value[-4:]}"


def _mask_part(part: str) -> str:
    return part if part in {SEPARATOR, " "} else part[0] + _HIDDEN_PART
