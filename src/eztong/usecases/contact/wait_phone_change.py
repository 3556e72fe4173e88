"""Change the phone without the number of before: matched again at the authority, then 72 hours of waiting (2.7).

Both numbers hear of it at once. The number of before stops it by the link, any bound device by one press.
"""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.access.otp import OtpPurpose, parse_digits
from eztong.domain.contact.phone_change import (
    COOLING,
    MATCHES_BY_ACCOUNT,
    ChangeWay,
    PhoneChange,
    PhoneChangeOver,
    check_may_wait,
)
from eztong.domain.holder import Holder, PhoneFull, check_stands_as
from eztong.ports.act import HOLDER, Act
from eztong.ports.services import Services
from eztong.usecases.access.match_again import TypedIdentity, ask_authority, check_is_own, parse_identity
from eztong.usecases.access.message_code import TypedCode, use_message_code
from eztong.usecases.contact.begin_waiting import begin_waiting
from eztong.usecases.contact.confirm_phone_change import find_asked, proved
from eztong.usecases.contact.numbers import new_number
from eztong.usecases.refusal import Refused, accepted
from eztong.usecases.registration.confirm_phone import check_room_on_phone
from eztong.usecases.spend_budget import spend


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitPhoneChange:
    """The digits that came to the new number, and name and number of the person as they were typed."""

    session_hash: bytes
    new: TypedCode
    typed: TypedIdentity


@dataclass(frozen=True, slots=True)
class _Candidate:
    holder: Holder
    asked: PhoneChange


def wait_phone_change(command: WaitPhoneChange, *, services: Services) -> PhoneChange:
    """Let the change wait; it takes effect by itself after :data:`COOLING`.

    1. The session is the one that asked, unlocked; the code of the new number is compared, a wrong one counted.
    2. Name and number must be this account's, and the authority is asked about them, outside any unit of work.
    3. The code is used up, if the account still stands as it did, and the change waits; both numbers are told.

    Raises:
        OtpIncomplete, OtpWrong, OtpExpired, OtpLocked: no.
        NameInvalid, NumberInvalid: what was typed cannot be right.
        SessionMissing, HolderNotUsable, DeviceNotBound, Locked: this session may not.
        PhoneChangeOver, PhoneChangePaused, ContactCooling, RecoveryInTheWay: not, or not now.
        RecoveryRefused, AuthorityUnavailable: the authority did not confirm, or could not be asked.
        PhoneFull: the new number carries as many accounts as it may.
        TooMany: the account was matched too often today.
    """
    parse_digits(command.new.digits)
    identity = parse_identity(command.typed, services=services)
    found = accepted(services.perform(HOLDER, _check, command))
    check_is_own(identity, found.holder, keys=services.keys)
    ask_authority(identity, reference=found.asked.change_id, services=services)
    return accepted(services.perform(HOLDER, _wait, command, found, services.deployment.public_url))


def _check(act: Act, command: WaitPhoneChange) -> _Candidate | Refused:
    holder, asked = find_asked(act, command.session_hash, ChangeWay.MATCHED)
    check_may_wait(_before(act, asked), now=act.now)
    number = new_number(asked, holder, keys=act.keys)
    challenge = proved(act, command.new, OtpPurpose.CHANGE_TO, holder=holder, number=number)
    if isinstance(challenge, Refused):
        return challenge
    # Counted here, so that the count stays whatever the authority says.
    spend(act, MATCHES_BY_ACCOUNT, holder.holder_id.encode())
    return _Candidate(holder, asked)


def _before(act: Act, asked: PhoneChange) -> PhoneChange | None:
    earlier = (one for one in act.uow.phone_changes.list(asked.holder_id) if one.change_id != asked.change_id)
    return next(earlier, None)


def _wait(act: Act, command: WaitPhoneChange, found: _Candidate, public_url: str) -> PhoneChange | Refused:
    holder, asked = find_asked(act, command.session_hash, ChangeWay.MATCHED)
    check_stands_as(holder, found.holder)
    if asked != found.asked:
        raise PhoneChangeOver
    number = new_number(asked, holder, keys=act.keys)
    challenge = proved(act, command.new, OtpPurpose.CHANGE_TO, holder=holder, number=number)
    if isinstance(challenge, Refused):
        return challenge
    use_message_code(act, challenge)
    try:
        check_room_on_phone(challenge.phone_index, but=holder, stored=act.uow)
    except PhoneFull as why:
        return Refused(why)
    return begin_waiting(act, holder, asked, wait=COOLING, public_url=public_url)
