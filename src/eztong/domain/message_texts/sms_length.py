"""How long a message is as phones and gateways count: letters, and the segments that each cost a message.

A text whose letters are all in the GSM alphabet has 160 septets in one segment or 153 in each of several; any other is
UCS-2 and has 70 or 67 (3GPP TS 23.038, 6.2.1 and 6.2.3; TS 23.040, 9.2.3.24.1: the header of a part takes 6 octets).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€\f")
"""Letters of the extension table: each takes two septets."""

_GSM: Final = (160, 153)
_UCS2: Final = (70, 67)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsLength:
    """The length of a text. ``letters`` are septets, or code units of 16 bits where ``is_wide``."""

    letters: int
    segments: int
    is_wide: bool


def sms_length(text: str) -> SmsLength:
    """Return how long ``text`` is."""
    is_wide = not _BASIC.union(_EXTENDED).issuperset(text)
    wide, narrow = len(text.encode("utf-16-be")) // 2, len(text) + sum(letter in _EXTENDED for letter in text)
    letters = wide if is_wide else narrow
    alone, part = _UCS2 if is_wide else _GSM
    segments = 1 if letters <= alone else -(-letters // part)
    return SmsLength(letters=letters, segments=segments, is_wide=is_wide)
