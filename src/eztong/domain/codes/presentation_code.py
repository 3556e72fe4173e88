"""Presentation codes: what a holder shows (clause 2.2). Nothing in them derives from the person.

Two spellings of one code:

* **number**: 18 digits, ``88`` + 15 random digits + 1 check digit (ISO 7064 MOD 11,10), shown 4-4-4-6.
* **QR payload**: 75 digits, safe for keyboard-wedge scanners and input methods:
  ``version(2) key(3) issued_at(10) handle(29) tag(29) check(2)``. The tag is HMAC-SM3 over all before it, cut to 96
  bits; it filters junk before any look-up and proves nothing else. The check digits are ISO 7064 MOD 97-10.

docs/specs/presentation-code.md is the specification. The service stores only a keyed hash of either spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

import msgspec
from typing_extensions import override

from eztong.domain.claims import Claim
from eztong.domain.errors import (
    CodeAlreadyUsed,
    CodeCancelled,
    CodeCheckDigitWrong,
    CodeClockSkew,
    CodeExpired,
    CodeForged,
    CodeMalformed,
    CodeUnknown,
)
from eztong.domain.identifiers import AcceptanceId, CodeId, DeviceId, HolderId, PartnerId, VerificationId
from eztong.domain.identity.check_digits import (
    CheckDigitWrong,
    check_mod_11_10,
    check_mod_97_10,
    mod_11_10_digit,
    mod_97_10_digits,
)
from eztong.gm.errors import GmError
from eztong.gm.sm3 import require_equal, sm3

NUMBER_PREFIX = "88"
NUMBER_LENGTH = 18
QR_VERSION = "01"
QR_LENGTH = 75
HANDLE_DIGITS = 29
RANDOM_NUMBER_DIGITS = 15
SKEW_TOLERANCE = timedelta(seconds=5)
REMEMBERED = timedelta(days=1)
"""How long after its life a code is still told from one that was never issued."""
_SKEW_SECONDS = SKEW_TOLERANCE.total_seconds()
_TAG_BYTES = 12
_TAG_MASK = 2 ** (8 * _TAG_BYTES) - 1
_TAGGED_LENGTH = 44
_SEPARATORS = re.compile(r"[\s\u200b\u200c\u200d\ufeff\-\u00a0\u3000]+")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_MAX_INPUT = 200


class Channel(StrEnum):
    """How the holder shows the code, which sets its life."""

    SCREEN = "screen"
    SPOKEN = "spoken"

    @property
    def life(self) -> timedelta:
        """60 s on a screen, 300 s for a number that is read out."""
        return timedelta(seconds=60 if self is Channel.SCREEN else 300)


class CodeState(StrEnum):
    """``issued`` leads to exactly one of the others, and never back.

    A ``cancelled`` code (its account was frozen, its device removed, its consent withdrawn) keeps that state for its
    holder's records, also when it has made its one verification.
    """

    ISSUED = "issued"
    CONSUMED = "consumed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


class Turn(StrEnum):
    """What a try with a known code is: the one that makes its verification, or that one asked again."""

    FIRST = "first"
    REPEAT = "repeat"


class Method(StrEnum):
    """How a verification was made."""

    QR = "qr"
    NUMBER = "number"
    REQUEST = "request"


class PresentedCode(msgspec.Struct, frozen=True):
    """A code whose form and check digits hold. It may still be unknown, used or expired."""

    method: Method
    digits: str

    @override
    def __repr__(self) -> str:
        """Hide the digits: a live code is a secret."""
        return f"PresentedCode({self.method})"


class PresentationCode(msgspec.Struct, frozen=True, kw_only=True):
    """An issued code as the service keeps it. The digits themselves are kept nowhere.

    ``verification_id`` is the one verification that it made, and ``asking_hash`` the :func:`hash_asking` of who asked.
    """

    code_id: CodeId
    holder_id: HolderId
    device_id: DeviceId
    acceptance_id: AcceptanceId
    channel: Channel
    state: CodeState
    issued_at: datetime
    expires_at: datetime
    verification_id: VerificationId | None = None
    asking_hash: bytes | None = None


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """Who tries a code, where and for what. ``asker`` names the API key, or at the desk the staff session."""

    partner_id: PartnerId
    asker: str
    scene: str
    desk: str | None
    wants: frozenset[Claim]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCode:
    """What the holder's screen gets, once: the code in its spellings."""

    code_id: CodeId
    number: str
    qr: str | None
    issued_at: datetime
    expires_at: datetime

    @override
    def __repr__(self) -> str:
        """Hide the digits: a live code is a secret."""
        return f"ShownCode({self.code_id})"


def make_number(random_number: int) -> str:
    """Return the 18-digit number for a uniformly random integer below 10**15."""
    body = f"{NUMBER_PREFIX}{random_number:0{RANDOM_NUMBER_DIGITS}d}"
    return body + mod_11_10_digit(body)


def group_number(number: str) -> str:
    """Return the number as people read it: 4-4-4-6."""
    return f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}"


def number_rows(number: str) -> tuple[str, str]:
    """Return the number as it stands on a screen: two rows of two groups, 4-4 and 4-6."""
    return f"{number[:4]} {number[4:8]}", f"{number[8:12]} {number[12:]}"


def make_qr(*, handle: int, issued_at: datetime, key_number: int, tag: Callable[[bytes], bytes]) -> str:
    """Return the QR payload. ``handle`` is uniformly random below 2**96; ``tag`` is HMAC-SM3 under the QR key."""
    head = f"{QR_VERSION}{key_number:03d}{int(issued_at.timestamp()):010d}{handle:0{HANDLE_DIGITS}d}"
    body = head + _tag_digits(tag(head.encode()))
    return body + mod_97_10_digits(body)


def parse_presented(text: str) -> PresentedCode:
    """Read what a scanner or a clerk sent: spaces, dashes and full-width digits are forgiven.

    Raises:
        CodeMalformed: neither spelling.
        CodeCheckDigitWrong: the check digits do not fit.
    """
    if len(text) > _MAX_INPUT:
        raise CodeMalformed
    digits = text
    if not _is_digits(digits):
        digits = _SEPARATORS.sub("", text).translate(_FULL_WIDTH)
        if not _is_digits(digits):
            raise CodeMalformed
    if len(digits) == NUMBER_LENGTH and digits.startswith(NUMBER_PREFIX):
        return _checked(PresentedCode(Method.NUMBER, digits), check_mod_11_10)
    if len(digits) == QR_LENGTH and digits.startswith(QR_VERSION):
        return _checked(PresentedCode(Method.QR, digits), check_mod_97_10)
    raise CodeMalformed


def check_qr(presented: PresentedCode, *, now: datetime, tag: Callable[[int, bytes], bytes]) -> None:
    """Refuse a QR payload that this service cannot have made.

    ``tag(key_number, head)`` returns HMAC-SM3 under that QR key, or raises :class:`CodeForged` if there is none.

    Raises:
        CodeForged: the tag does not fit.
        CodeClockSkew: issued more than five seconds in the future.
    """
    if presented.method is not Method.QR:
        return
    head, given = presented.digits[:_TAGGED_LENGTH], int(presented.digits[_TAGGED_LENGTH:-2])
    expected = tag(int(head[2:5]), head.encode())[:_TAG_BYTES]
    try:
        # Twenty-nine digits can say more than a tag has bits: what they say beyond it fits none.
        require_equal(expected, (given & _TAG_MASK).to_bytes(_TAG_BYTES))
    except GmError as error:
        raise CodeForged from error
    if given > _TAG_MASK:
        raise CodeForged
    if int(head[5:15]) > now.timestamp() + _SKEW_SECONDS:
        raise CodeClockSkew


@lru_cache(maxsize=1024)
def hash_asking(asking: Asking) -> bytes:
    """Return what two tries have in common exactly if partner, asker, scene, desk and wants are the same."""
    # No part can hold a line break, and "no desk" is not the desk "".
    desk = "-" if asking.desk is None else f"={asking.desk}"
    parts = (asking.partner_id, asking.asker, asking.scene, desk, *sorted(asking.wants))
    return sm3("\n".join(parts).encode())


def judge_try(code: PresentationCode, *, asking_hash: bytes, now: datetime) -> Turn:
    """Say whether this try makes the code's one verification or repeats the try that did.

    Raises:
        CodeUnknown: so long after its life that it is told from a code that was never issued no more.
        CodeClockSkew: issued more than five seconds in the future: a clock was set back, which must prolong no life.
        CodeAlreadyUsed: it has made its verification, and somebody else asks, or somewhere else, for more, or too late.
        CodeCancelled: the device shows a newer one.
        CodeExpired: its life is over.
    """
    if now >= code.expires_at + REMEMBERED:
        raise CodeUnknown
    if code.issued_at > now + SKEW_TOLERANCE:
        raise CodeClockSkew
    if code.verification_id is not None:
        if code.asking_hash == asking_hash and now < code.expires_at:
            return Turn.REPEAT
        raise CodeAlreadyUsed
    match code.state:
        case CodeState.ISSUED | CodeState.CANCELLED if now < code.expires_at:
            return Turn.FIRST
        case CodeState.CONSUMED:
            raise CodeAlreadyUsed
        case CodeState.SUPERSEDED:
            raise CodeCancelled
        case _:
            raise CodeExpired


def _checked(presented: PresentedCode, check: Callable[[str], object]) -> PresentedCode:
    try:
        check(presented.digits)
    except CheckDigitWrong as error:
        raise CodeCheckDigitWrong from error
    return presented


def _is_digits(text: str) -> bool:
    # str.isdigit() alone would let Arabic-Indic and superscript digits through.
    return text.isascii() and text.isdigit()


def _tag_digits(mac: bytes) -> str:
    return f"{int.from_bytes(mac[:_TAG_BYTES]):0{HANDLE_DIGITS}d}"
