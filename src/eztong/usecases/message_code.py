"""Message codes: send one for a purpose, check the digits that come back. One purpose never serves another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from eztong.domain.errors import OtpExpired, OtpWrong
from eztong.domain.message import Message, Topic
from eztong.domain.otp import (
    OTP_DIGITS,
    OTP_LIFE,
    OtpChallenge,
    OtpPurpose,
    check_digits_equal,
    check_may_send,
    check_still_open,
)
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage import UnitOfWork
from eztong.usecases.naming import new_id
from eztong.usecases.refusal import Refused
from eztong.usecases.send_message import send_message


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCode:
    """A message code for this session and purpose.

    Without ``phone`` the code exists, but nobody gets it: what a stranger asks for looks the same as what a holder asks
    for, in the answer and in the limits.
    """

    session_hash: bytes
    purpose: OtpPurpose
    phone_index: bytes
    phone: str | None = field(repr=False)
    language: str


def send_message_code(command: SendCode, *, uow: UnitOfWork, keys: Keys, entropy: Entropy, now: datetime) -> None:
    """Send the code.

    Raises:
        TooMany: too soon, or too many today, to this phone.
    """
    sent = list(uow.sessions.challenges_since(command.phone_index, now - timedelta(days=1)))
    check_may_send(sent, now=now)
    digits = f"{entropy.below(10**OTP_DIGITS):0{OTP_DIGITS}d}"
    challenge_id = new_id("otp", now=now, entropy=entropy)
    uow.sessions.add_challenge(
        OtpChallenge(
            challenge_id=challenge_id,
            session_hash=command.session_hash,
            purpose=command.purpose,
            phone_index=command.phone_index,
            code_hash=_hash_digits(challenge_id, digits, keys=keys),
            tries=0,
            created_at=now,
        )
    )
    if command.phone is None:
        return
    params = {
        "otp": digits,
        "purpose": command.purpose.value,
        "minutes": str(int(OTP_LIFE.total_seconds() // 60)),
    }
    message = Message(topic=Topic.OTP, phone=command.phone, language=command.language, params=params)
    send_message(message, uow=uow, keys=keys, entropy=entropy, now=now)


def check_message_code(
    session_hash: bytes, purpose: OtpPurpose, digits: str, *, uow: UnitOfWork, keys: Keys, now: datetime
) -> OtpChallenge | Refused:
    """Return the challenge that the digits answer, still unused; or a remembered refusal (a wrong try is counted).

    Raises:
        OtpExpired, OtpLocked: no code that can still be used.
    """
    challenge = uow.sessions.newest_challenge(session_hash, purpose)
    if challenge is None:
        raise OtpExpired
    check_still_open(challenge, now=now)
    try:
        check_digits_equal(challenge, presented_hash=_hash_digits(challenge.challenge_id, digits, keys=keys))
    except OtpWrong as why:
        uow.sessions.count_try(challenge.challenge_id)
        return Refused(why)
    return challenge


def use_message_code(challenge: OtpChallenge, *, uow: UnitOfWork, now: datetime) -> None:
    """Use a code up.

    Raises:
        OtpExpired: somebody was faster.
    """
    if not uow.sessions.use_challenge(challenge.challenge_id, now=now):
        raise OtpExpired


def _hash_digits(challenge_id: str, digits: str, *, keys: Keys) -> bytes:
    return keys.mac(MacPurpose.OTP, f"{challenge_id}\x00{digits}".encode())
