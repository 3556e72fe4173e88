"""Sign in: by passkey, or by message code and PIN (clause 2.6). Nothing tells a stranger whether an account exists."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from eztong.domain.access.device import DeviceState
from eztong.domain.access.otp import OtpChallenge, OtpPurpose, parse_digits
from eztong.domain.access.passkey import PasskeyRefused
from eztong.domain.access.pin import Pin, parse_pin
from eztong.domain.errors import SessionMissing
from eztong.domain.holder import Holder, check_stands_as
from eztong.domain.identity.phone import Phone
from eztong.ports.act import HOLDER, Act
from eztong.ports.keys import Keys
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.challenge_passkey import CheckedPasskey, PasskeyAnswer, check_passkey, take_passkey
from eztong.usecases.access.find_session import find_session
from eztong.usecases.access.loss import check_not_lost
from eztong.usecases.access.message_code import (
    Asker,
    SendCode,
    TypedCode,
    check_message_code,
    send_message_code,
    use_message_code,
)
from eztong.usecases.access.open_session import Opening, open_session
from eztong.usecases.access.unlock import check_pin, count_try, take_pin
from eztong.usecases.end_codes import end_codes
from eztong.usecases.refusal import accepted
from eztong.usecases.vault import open_vault, phone_index

_LAST: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class AskToSignIn:
    """Send a message code to ``phone``, if an account carries it."""

    asker: Asker
    phone: Phone
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInByPin:
    """The digits of the message and the PIN; ``last_four`` of the number tell two holders of one phone apart."""

    opening: Opening
    code: TypedCode
    pin: str = field(repr=False)
    last_four: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Candidate:
    challenge: OtpChallenge
    holder: Holder | None
    pin: Pin | None


def ask_to_sign_in(act: Act, command: AskToSignIn) -> None:
    """Send a message code; for a phone that no account carries a code is made that nobody gets.

    Raises:
        TooMany: this browser asked too often.
    """
    index = phone_index(command.phone.value, keys=act.keys)
    carried = {holder.holder_id for holder in act.uow.holders.by_phone_index(index) if holder.is_entered}
    code = SendCode(
        asker=command.asker,
        purpose=OtpPurpose.SIGN_IN,
        subject=index,
        holder_id=None,
        phone=command.phone.value if carried else None,
        language=command.language,
        known_as=min(carried & command.asker.known_to, default=None),
    )
    send_message_code(act, code)


def sign_in_by_pin(command: SignInByPin, *, services: Services) -> None:
    """Sign in on a new device with message code and PIN.

    1. The message code is compared; a wrong one is counted. Only who has the phone gets a turn to hash.
    2. A try of the PIN is counted; then the PIN is compared, outside any unit of work.
    3. The message code is used up, and this browser becomes the account's device: if the PIN is still the one that was
       compared, and the account stands as it did.

    Raises:
        OtpIncomplete, OtpWrong, OtpExpired, OtpLocked, PinMalformed, PinWrong, PinLocked: no.
        HolderFrozen: phone or account were reported lost or stolen.
        StateConflict: the account was frozen meanwhile.
        Busy: no turn to hash; nothing was counted.
    """
    parse_digits(command.code.digits)
    pin = parse_pin(command.pin)
    accepted(services.perform(HOLDER, check_message_code, command.code, OtpPurpose.SIGN_IN))
    with services.secret_hasher.turn():
        candidate = services.perform(HOLDER, _count_try, command)
        compared = check_pin(pin, candidate.holder, candidate.pin, services=services)
    services.perform(HOLDER, _open_by_pin, command, candidate, compared)


def sign_in_by_passkey(answer: PasskeyAnswer, opening: Opening, *, services: Services) -> None:
    """Sign in with a passkey, on the device that it was made on if that is still bound, else on a new one.

    Raises:
        PasskeyRefused: it does not hold, was removed meanwhile, or its account has ended.
        HolderFrozen: phone or account were reported lost or stolen.
        StateConflict: the account was frozen meanwhile.
    """
    checked = check_passkey(answer, services=services)
    services.perform(HOLDER, _open_by_passkey, checked, opening)


def sign_out(act: Act, session_hash: bytes) -> None:
    """End the session, and what its device still shows.

    Raises:
        SessionMissing: there is none.
    """
    signed_in = find_session(session_hash, stored=act.uow, now=act.now)
    if signed_in.session.device_id is not None:
        end_codes(act, signed_in.holder.holder_id, of_device=signed_in.session.device_id)
    act.uow.sessions.update(replace(signed_in.session, revoked_at=act.now))


def _count_try(act: Act, command: SignInByPin) -> _Candidate:
    challenge = accepted(check_message_code(act, command.code, OtpPurpose.SIGN_IN))
    holder = _whose(challenge.phone_index, command.last_four, stored=act.uow, keys=act.keys)
    if holder is not None:
        # Before a try is counted: a thief must not use up what recovering needs.
        check_not_lost(holder, stored=act.uow)
    pin = None if holder is None else count_try(act, holder)
    return _Candidate(challenge, holder, pin)


def _open_by_pin(act: Act, command: SignInByPin, candidate: _Candidate, compared: Pin) -> None:
    use_message_code(act, candidate.challenge)
    seen = candidate.holder
    holder = None if seen is None else act.uow.holders.get(seen.holder_id)
    if seen is None or holder is None or not holder.is_entered:
        raise SessionMissing
    check_stands_as(holder, seen)
    check_not_lost(holder, stored=act.uow)
    take_pin(act, holder, compared)
    open_session(act, holder, command.opening, device=None, how="pin")


def _open_by_passkey(act: Act, checked: CheckedPasskey, opening: Opening) -> None:
    passkey = take_passkey(act, checked)
    holder = act.uow.holders.get(passkey.holder_id)
    if holder is None or not holder.is_entered:
        raise PasskeyRefused
    check_stands_as(holder, checked.holder)
    check_not_lost(holder, stored=act.uow)
    device = act.uow.devices.get(holder.holder_id, passkey.device_id)
    bound = device if device is not None and device.state is DeviceState.BOUND else None
    open_session(act, holder, opening, device=bound, how="passkey")


def _whose(index: bytes, last_four: str, *, stored: Repositories, keys: Keys) -> Holder | None:
    found = [holder for holder in stored.holders.by_phone_index(index) if holder.is_entered]
    if len(found) > 1:
        found = [holder for holder in found if _last_four(holder, keys=keys) == last_four.strip().upper()]
    return found[0] if len(found) == 1 else None


def _last_four(holder: Holder, *, keys: Keys) -> str | None:
    if holder.sealed_number is None:
        return None
    return open_vault(holder, keys=keys).open("sealed_number", holder.sealed_number).decode()[-_LAST:]
