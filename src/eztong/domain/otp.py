"""Message codes (OTP): six digits, five minutes, five tries, a minute between messages, ten a day (clause 2.6).

Only a keyed hash is stored. A code is bound to its purpose and to the session that asked for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eztong.domain.errors import OtpExpired, OtpLocked, OtpWrong, TooMany
from eztong.gm.errors import GmError
from eztong.gm.sm3 import require_equal

OTP_LIFE = timedelta(minutes=5)
OTP_RESEND = timedelta(seconds=60)
OTP_TRIES = 5
OTP_PER_DAY = 10
OTP_DIGITS = 6


class OtpPurpose(StrEnum):
    """What a message code is for; a code for one purpose never serves another."""

    REGISTER = "register"
    SIGN_IN = "sign_in"
    FREEZE = "freeze"
    RECOVER = "recover"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtpChallenge:
    """One message sent to one phone."""

    challenge_id: str
    session_hash: bytes
    purpose: OtpPurpose
    phone_index: bytes
    code_hash: bytes
    tries: int
    created_at: datetime
    used_at: datetime | None = None


def check_may_send(sent_last_day: list[datetime], *, now: datetime) -> None:
    """Refuse another message that comes too soon or is one too many.

    Raises:
        TooMany: with the seconds to wait.
    """
    if not sent_last_day:
        return
    since_last = now - max(sent_last_day)
    if since_last < OTP_RESEND:
        wait = int((OTP_RESEND - since_last).total_seconds()) + 1
        raise TooMany("A message was just sent: wait a minute before asking again.", retry_after=wait)
    if len(sent_last_day) >= OTP_PER_DAY:
        wait = int((min(sent_last_day) + timedelta(days=1) - now).total_seconds()) + 1
        raise TooMany("Too many messages to this phone today.", retry_after=max(wait, 1))


def check_still_open(challenge: OtpChallenge, *, now: datetime) -> None:
    """Refuse a code that is used, too old or tried too often, before looking at the digits.

    Raises:
        OtpExpired: used, or older than five minutes.
        OtpLocked: five wrong tries.
    """
    if challenge.used_at is not None or now >= challenge.created_at + OTP_LIFE:
        raise OtpExpired
    if challenge.tries >= OTP_TRIES:
        wait = int((challenge.created_at + OTP_LIFE - now).total_seconds()) + 1
        raise OtpLocked(retry_after=wait)


def check_digits_equal(challenge: OtpChallenge, *, presented_hash: bytes) -> None:
    """Compare in constant time.

    Raises:
        OtpWrong: the digits differ.
    """
    try:
        require_equal(challenge.code_hash, presented_hash)
    except GmError as error:
        raise OtpWrong from error
