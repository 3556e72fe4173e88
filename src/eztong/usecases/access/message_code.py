"""Message codes: send one for a purpose, check the digits that come back. One purpose never serves another.

Who may have how many messages, and how many wrong digits are borne, is decided by the budgets of ``domain.otp``;
docs/adr/0026 says who can spend which.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from eztong.domain.access.otp import (
    NOTICE_AFTER,
    OTP_LIFE,
    RESERVE_OTP_DIGITS,
    SENDS_BY_KNOWN,
    SENDS_BY_NETWORK,
    SENDS_BY_SESSION,
    SENDS_BY_STRANGERS,
    WRONG_CODE_NOTICES,
    WRONG_CODES,
    OtpChallenge,
    OtpPurpose,
    check_digits_equal,
    check_still_open,
    digits_after,
    parse_digits,
)
from eztong.domain.errors import OtpExpired, OtpWrong
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import Message, Topic
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.reserve_code import count_reserve_used, reserve_digits, take_reserve_message
from eztong.usecases.draw_digits import draw_digits
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.send_message import seal_message, send_message
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.refusal import Refused
from eztong.usecases.spend_budget import count, spend, spent, take


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """The browser that asks: its session, the network it comes from, and which accounts it was signed in to.

    Each account in ``known_to`` has a share of messages that its own browsers spend.
    """

    session_hash: bytes
    network: str = field(repr=False)
    known_to: frozenset[HolderId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCode:
    """A message code for this browser and purpose.

    ``subject`` is the keyed index of what was typed: the phone, or name and number. ``holder_id`` is the account or
    application that the code serves; ``known_as`` is the account that the browser was signed in to before.
    ``also_to`` is a second phone that gets the same message: the number of before, while it still serves.
    Without ``phone`` nobody gets the code and nothing fits it: what a stranger asks for looks the same as what a
    holder asks for, in the answer, in the limits and in the work.
    """

    asker: Asker
    purpose: OtpPurpose
    subject: bytes
    holder_id: HolderId | None
    phone: str | None = field(repr=False)
    language: str
    known_as: HolderId | None = None
    also_to: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCode:
    """The digits that were typed into the form whose code is ``slip``, the id of its challenge."""

    session_hash: bytes
    slip: str
    digits: str = field(repr=False)


def send_message_code(act: Act, command: SendCode) -> OtpChallenge:
    """Send the code; it ends the browser's earlier one for this purpose.

    A second press within a minute sends nothing: the code of the first one is returned. Where its network or all
    strangers asked too often, the code is the day's reserve code, which a few messages carry.

    Raises:
        TooMany: this browser asked too often; nothing was sent.
    """
    earlier = find_open_code(command.asker.session_hash, command.purpose, stored=act.uow, now=act.now)
    if earlier is not None and _is_for(earlier, command) and earlier.resend_in(now=act.now):
        return earlier
    digits, leaves = _choose(act, command)
    challenge_id = new_id(act, "otp")
    challenge = OtpChallenge(
        challenge_id=challenge_id,
        session_hash=command.asker.session_hash,
        purpose=command.purpose,
        phone_index=command.subject,
        code_hash=_hash_digits(challenge_id, digits, keys=act.keys),
        tries=0,
        created_at=act.now,
        holder_id=command.holder_id,
        is_sent=command.phone is not None,
        digits=len(digits),
    )
    act.uow.sessions.add_challenge(challenge)
    _send(act, command, digits, leaves=leaves)
    return challenge


def find_open_code(
    session_hash: bytes, purpose: OtpPurpose, *, stored: Repositories, now: datetime
) -> OtpChallenge | None:
    """Return the code that this browser may still type for the purpose, however often it was tried."""
    newest = stored.sessions.newest_challenge(session_hash, purpose)
    return newest if newest is not None and newest.is_open(now=now) else None


def check_message_code(act: Act, typed: TypedCode, purpose: OtpPurpose) -> OtpChallenge | Refused:
    """Return the challenge that the digits answer, still unused; or a remembered refusal (a wrong try is counted).

    1. Incomplete digits are no try.
    2. The form's challenge is the browser's newest for this purpose: another form's code serves nothing here.
    3. It is open, and neither it nor its subject had too many wrong tries.
    4. Wrong digits count for the code and for its subject; the holder is told of the third and the tenth in a day.

    Raises:
        OtpIncomplete: not as many digits as a code has.
        OtpExpired, OtpLocked: no code that can still be used.
    """
    digits = parse_digits(typed.digits)
    challenge = act.uow.sessions.newest_challenge(typed.session_hash, purpose)
    if challenge is None or challenge.challenge_id != typed.slip:
        raise OtpExpired
    if challenge.is_reserve and not _is_reserve_of_now(challenge, stored=act.uow, keys=act.keys, now=act.now):
        raise OtpExpired
    subject = _tried(purpose, challenge.phone_index)
    check_still_open(
        challenge, wrong_today=spent(WRONG_CODES, *subject, stored=act.uow, keys=act.keys, now=act.now), now=act.now
    )
    try:
        check_digits_equal(challenge, presented_hash=_hash_digits(challenge.challenge_id, digits, keys=act.keys))
    except OtpWrong as why:
        act.uow.sessions.count_try(challenge.challenge_id)
        wrong = count(act, WRONG_CODES, *subject)
        if wrong in NOTICE_AFTER:
            _warn(act, challenge)
        return Refused(why)
    return challenge


def use_message_code(act: Act, challenge: OtpChallenge) -> None:
    """Use a code up; a reserve code for every browser.

    Raises:
        OtpExpired: somebody was faster, or the browser asked for a newer code since this one was compared.
    """
    newest = act.uow.sessions.newest_challenge(challenge.session_hash, challenge.purpose)
    if newest is None or newest.challenge_id != challenge.challenge_id:
        raise OtpExpired
    if challenge.is_reserve and not _is_reserve_of_now(challenge, stored=act.uow, keys=act.keys, now=act.now):
        raise OtpExpired
    if not act.uow.sessions.use_challenge(challenge.challenge_id, now=act.now):
        raise OtpExpired
    if challenge.is_reserve:
        count_reserve_used(act, challenge.purpose, challenge.phone_index)


def _is_for(challenge: OtpChallenge, command: SendCode) -> bool:
    return (challenge.phone_index, challenge.holder_id) == (command.subject, command.holder_id)


def _choose(act: Act, command: SendCode) -> tuple[str, bool]:
    """Return the digits, and whether a message may carry them."""
    purpose, subject = command.purpose, command.subject
    if not _has_message(act, command):
        digits = reserve_digits(purpose, subject, command.holder_id, stored=act.uow, keys=act.keys, now=act.now)
        return digits, take_reserve_message(act, purpose, subject, digits=digits)
    length = digits_after(spent(WRONG_CODES, *_tried(purpose, subject), stored=act.uow, keys=act.keys, now=act.now))
    return draw_digits(act, length), True


def _is_reserve_of_now(challenge: OtpChallenge, *, stored: Repositories, keys: Keys, now: datetime) -> bool:
    subject, whose = challenge.phone_index, challenge.holder_id
    digits = reserve_digits(challenge.purpose, subject, whose, stored=stored, keys=keys, now=now)
    return challenge.code_hash == _hash_digits(challenge.challenge_id, digits, keys=keys)


def _has_message(act: Act, command: SendCode) -> bool:
    asker, purpose = command.asker, command.purpose.encode()
    spend(act, SENDS_BY_SESSION, purpose, asker.session_hash)
    # A share that is used up, perhaps by whoever copied the note, leaves what every stranger has.
    own = command.known_as
    if own is not None and take(act, SENDS_BY_KNOWN, purpose, command.subject, own.encode()):
        return True
    network = (purpose, command.subject, asker.network.encode())
    return take(act, SENDS_BY_NETWORK, *network) and take(act, SENDS_BY_STRANGERS, purpose, command.subject)


def _send(act: Act, command: SendCode, digits: str, *, leaves: bool) -> None:
    is_reserve = len(digits) == RESERVE_OTP_DIGITS
    message = Message(
        topic=Topic.OTP,
        phone=command.phone or "",
        language=command.language,
        params={
            "otp": digits,
            "purpose": command.purpose.value,
        }
        | ({} if is_reserve else {"minutes": str(int(OTP_LIFE / timedelta(minutes=1)))}),
    )
    if command.phone is None or not leaves:
        # The same work as for somebody, and then nothing leaves.
        seal_message(message, new_id(act, "msg"), keys=act.keys, entropy=act.entropy)
    else:
        send_message(act, message)
        if command.also_to is not None:
            send_message(act, replace(message, phone=command.also_to))


def _warn(act: Act, challenge: OtpChallenge) -> None:
    holder = _whose(challenge, stored=act.uow)
    if holder is None:
        return
    purpose = challenge.purpose.value
    note_event(act.by_itself(), holder.holder_id, EventKind.WRONG_CODES, detail=purpose)
    if take(act, WRONG_CODE_NOTICES, holder.holder_id.encode()):
        tell_holder(act, holder, Topic.WRONG_CODES, {"purpose": purpose})


def _whose(challenge: OtpChallenge, *, stored: Repositories) -> Holder | None:
    if challenge.holder_id is not None:
        holder = stored.holders.get(challenge.holder_id)
        return holder if holder is not None and holder.is_entered else None
    if challenge.purpose is not OtpPurpose.SIGN_IN:
        return None
    return next((one for one in stored.holders.by_phone_index(challenge.phone_index) if one.is_entered), None)


def _tried(purpose: OtpPurpose, subject: bytes) -> tuple[bytes, bytes]:
    return purpose.encode(), subject


def _hash_digits(challenge_id: str, digits: str, *, keys: Keys) -> bytes:
    return keys.mac(MacPurpose.OTP, f"{challenge_id}\x00{digits}".encode())
