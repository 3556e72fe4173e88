"""Message codes (OTP): five minutes, five tries, a minute between messages of one browser (clause 2.6).

Only a keyed hash is stored. A code is bound to its purpose, to the session that asked for it and to what it was asked
for: an account, an application or a phone. A browser's newer code for a purpose ends the one before.

Codes have six digits. Once ten wrong ones were typed in a day for one subject and purpose, no six digits are taken any
more; new messages then carry ten digits, which nobody guesses. So tries are bounded, and still no stranger's guesses
keep a holder out who reads the messages. When strangers have used up a day's messages, one reserve code of twelve
digits serves every browser that asks, until midnight or until it is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.access.unlock import STEP_BACK
from eztong.domain.budget import Budget
from eztong.domain.errors import InputInvalid, OtpExpired, OtpLocked, OtpWrong
from eztong.domain.identifiers import HolderId
from eztong.gm.errors import GmError
from eztong.gm.sm3 import require_equal

OTP_LIFE: Final = timedelta(minutes=5)
OTP_RESEND: Final = timedelta(seconds=60)
OTP_TRIES: Final = 5
OTP_DIGITS: Final = 6
LONG_OTP_DIGITS: Final = 10
RESERVE_OTP_DIGITS: Final = 12
_DAY: Final = timedelta(days=1)

SENDS_BY_SESSION: Final = Budget("code_sends_session", 10, _DAY)
"""Messages that one browser may ask for, for each purpose."""
SENDS_BY_NETWORK: Final = Budget("code_sends_network", 20, _DAY)
"""Messages to one subject that all strange browsers of one network may ask for, for each purpose."""
SENDS_BY_STRANGERS: Final = Budget("code_sends_strangers", 60, _DAY)
"""Messages to one subject that all strange browsers together may ask for, for each purpose."""
SENDS_BY_KNOWN: Final = Budget("code_sends_known", 10, _DAY)
"""Messages that the account's own browsers may ask for, for each purpose, whatever strangers spent."""
SENDS_OF_RESERVE: Final = Budget("code_sends_reserve", 3, _DAY)
"""Messages that may carry the same reserve code."""
RESERVES_USED: Final = Budget("code_reserves_used", 100, _DAY)
"""How many reserve codes of a day were used; only who reads the messages can. It is counted and refuses nothing."""
WRONG_CODES: Final = Budget("wrong_codes", 10, _DAY)
"""Wrong tries with six digits, for each subject and purpose, in whatever browser."""
WRONG_CODE_NOTICES: Final = Budget("wrong_code_notices", 3, _DAY)
"""Messages to a holder about wrong tries."""
NOTICE_AFTER: Final = frozenset({3, 10})
"""The wrong tries of a day that the holder is told of; whoever mistypes once or twice is not bothered."""

_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９", "0123456789")
_MAX_TYPED: Final = 40
_LENGTHS: Final = frozenset({OTP_DIGITS, LONG_OTP_DIGITS, RESERVE_OTP_DIGITS})


class OtpPurpose(StrEnum):
    """What a message code is for; a code for one purpose never serves another."""

    REGISTER = "register"
    SIGN_IN = "sign_in"
    FREEZE = "freeze"
    RECOVER = "recover"
    APPLICATION = "application"
    CHANGE_FROM = "change_from"
    """Change the phone: the code to the number of before."""
    CHANGE_TO = "change_to"
    """Change the phone: the code to the new number."""
    TAKE_OVER = "take_over"
    """Take over the account that a guardian kept: the code to the ward's own phone."""


class OtpIncomplete(InputInvalid):
    """What was typed cannot be a message code: digits are missing or too many."""

    code = "otp_incomplete"
    advice = "Type all digits of the newest message. No try was counted."


@dataclass(frozen=True, slots=True, kw_only=True)
class OtpChallenge:
    """One message code.

    ``phone_index`` is the subject that it was asked for: the keyed index of the phone or, where name and number were
    typed, of both together. ``holder_id`` is the account or application that it serves; signing in has none, as a
    phone may carry two accounts. Without ``is_sent`` nobody was told the digits, and nothing that is typed fits.
    """

    challenge_id: str
    session_hash: bytes
    purpose: OtpPurpose
    phone_index: bytes
    code_hash: bytes = field(repr=False)
    tries: int
    created_at: datetime
    used_at: datetime | None = None
    holder_id: HolderId | None = None
    is_sent: bool = False
    digits: int = OTP_DIGITS

    @property
    def is_reserve(self) -> bool:
        """Say whether it is the day's reserve code, which other browsers may have been given, too."""
        return self.digits == RESERVE_OTP_DIGITS

    def is_open(self, *, now: datetime) -> bool:
        """Say whether the code could still be typed, however often it was tried; a clock set back prolongs nothing."""
        return self.used_at is None and self.created_at - STEP_BACK <= now < self.created_at + OTP_LIFE

    def resend_in(self, *, now: datetime) -> int:
        """Return the seconds until this browser may ask for another message."""
        left = self.created_at + OTP_RESEND - now
        return int(left.total_seconds()) + 1 if left > timedelta(0) else 0


def parse_digits(text: str) -> str:
    """Return the ASCII digits of a message code as they were meant: spaces and full-width digits do no harm.

    Raises:
        OtpIncomplete: not as many digits as a message code has; that is no try.
    """
    digits = "".join(text[:_MAX_TYPED].translate(_FULL_WIDTH).split())
    if len(digits) not in _LENGTHS or not (digits.isascii() and digits.isdigit()):
        raise OtpIncomplete
    return digits


def digits_after(wrong_today: int) -> int:
    """Return how many digits the next message carries after so many wrong tries within a day."""
    return OTP_DIGITS if wrong_today < WRONG_CODES.amount else LONG_OTP_DIGITS


def check_still_open(challenge: OtpChallenge, *, wrong_today: int, now: datetime) -> None:
    """Refuse a code that is used, too old or tried too often, before looking at the digits.

    ``wrong_today`` are the wrong tries of all browsers with this subject and purpose.

    Raises:
        OtpExpired: used, or older than five minutes.
        OtpLocked: five wrong tries, or too many in other browsers for a short code; with the seconds until another
            message can be had.
    """
    if not challenge.is_open(now=now):
        raise OtpExpired
    if challenge.tries >= OTP_TRIES or challenge.digits < digits_after(wrong_today):
        raise OtpLocked(retry_after=max(1, challenge.resend_in(now=now)))


def check_digits_equal(challenge: OtpChallenge, *, presented_hash: bytes) -> None:
    """Compare in constant time; a code that was never sent is compared just so, and never fits.

    Raises:
        OtpWrong: the digits differ, or nobody was told them.
    """
    try:
        require_equal(challenge.code_hash, presented_hash)
    except GmError as error:
        raise OtpWrong from error
    if not challenge.is_sent:
        raise OtpWrong
