"""Change the phone with the codes of both numbers: at once, and the number of before can undo it for 72 hours (2.7)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eztong.domain.access.otp import OtpChallenge, OtpPurpose
from eztong.domain.contact.phone_change import COOLING, ChangeState, ChangeWay, PhoneChange, PhoneChangeOver
from eztong.domain.errors import OtpExpired, StateConflict
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder, PhoneFull
from eztong.domain.identity.masking import mask_phone
from eztong.domain.notices import Topic
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.access.message_code import TypedCode, check_message_code, use_message_code
from eztong.usecases.contact.ask_phone_change import check_may_change
from eztong.usecases.contact.numbers import (
    draw_token,
    hash_token,
    minute_words,
    new_number,
)
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.number_of_before import number_of_before
from eztong.usecases.refusal import Refused
from eztong.usecases.registration.confirm_phone import check_room_on_phone
from eztong.usecases.vault import open_vault, phone_index


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPhoneChange:
    """The digits that came to the number of before, and those that came to the new one."""

    session_hash: bytes
    old: TypedCode
    new: TypedCode


def confirm_phone_change(act: Act, command: ConfirmPhoneChange, *, public_url: str) -> PhoneChange | Refused:
    """Change the phone, and tell both numbers; the message to the number of before holds the link that undoes it.

    1. The session is the one that asked, still on its bound device and unlocked; the account is in use.
    2. Both codes are compared; a wrong one is counted, and uses up neither.
    3. The new number has room for one more account.

    Returns:
        The change, or a remembered refusal.

    Raises:
        SessionMissing, HolderNotUsable, DeviceNotBound, Locked: this session may not.
        PhoneChangeOver: it asked for nothing, or too long ago.
        OtpIncomplete, OtpExpired, OtpLocked: no code, or none that can still be used.
        ContactCooling, RecoveryInTheWay: something else came first meanwhile.
    """
    holder, asked = find_asked(act, command.session_hash, ChangeWay.BOTH_NUMBERS)
    of_before = number_of_before(asked, holder, keys=act.keys)
    old = proved(act, command.old, OtpPurpose.CHANGE_FROM, holder=holder, number=of_before)
    if isinstance(old, Refused):
        return old
    number = new_number(asked, holder, keys=act.keys)
    new = proved(act, command.new, OtpPurpose.CHANGE_TO, holder=holder, number=number)
    if isinstance(new, Refused):
        return new
    use_message_code(act, old)
    use_message_code(act, new)
    try:
        check_room_on_phone(new.phone_index, but=holder, stored=act.uow)
    except PhoneFull as why:
        return Refused(why)
    token = draw_token(act)
    change = replace(
        asked,
        state=ChangeState.DONE,
        link_hash=hash_token(token, keys=act.keys),
        begun_at=act.now,
        until=act.now + COOLING,
    )
    if not act.uow.phone_changes.begin(asked, change):
        raise PhoneChangeOver
    changed = put_number(act, holder, change)
    params = {"until": minute_words(act.now + COOLING), "link": f"{public_url}/phone/keep/{token}"}
    tell_holder(act, changed, Topic.PHONE_CHANGED, params, to=(of_before,))
    return change


def find_asked(act: Act, session_hash: bytes, way: ChangeWay) -> tuple[Holder, PhoneChange]:
    """Return the account of this session and the change that it asked for.

    Raises:
        SessionMissing, HolderNotUsable, DeviceNotBound, Locked: this session may not.
        ContactCooling, RecoveryInTheWay: something else came first meanwhile.
        PhoneChangeOver: it asked for nothing, or too long ago, or in another way.
    """
    holder = find_unlocked(session_hash, stored=act.uow, now=act.now).holder
    check_may_change(act, holder)
    asked = act.uow.phone_changes.newest(holder.holder_id)
    if asked is None or asked.way is not way or not asked.takes_codes(session_hash, now=act.now):
        raise PhoneChangeOver
    return holder, asked


def proved(act: Act, typed: TypedCode, purpose: OtpPurpose, *, holder: Holder, number: str) -> OtpChallenge | Refused:
    """Return the unused code that proves ``number`` for this account, this session and this purpose.

    Raises:
        OtpIncomplete, OtpExpired, OtpLocked: no code, or none that can still be used.
    """
    challenge = check_message_code(act, typed, purpose)
    if isinstance(challenge, Refused):
        return challenge
    if (challenge.holder_id, challenge.phone_index) != (holder.holder_id, phone_index(number, keys=act.keys)):
        raise OtpExpired
    return challenge


def put_number(act: Act, holder: Holder, change: PhoneChange) -> Holder:
    """Give the account the new number, write it down, tell that number, and return the account.

    Raises:
        StateConflict: the account has another phone than the one of before.
    """
    number = new_number(change, holder, keys=act.keys)
    changed = with_number(act, holder, number)
    if not act.uow.holders.change_phone(holder, changed):
        raise StateConflict
    note_event(act, holder.holder_id, EventKind.PHONE_CHANGED, detail=f"how={change.way}")
    tell_holder(act, changed, Topic.PHONE_ADDED, {"number": mask_phone(number)}, to=(number,))
    return changed


def with_number(act: Act, holder: Holder, number: str) -> Holder:
    """Return the account with another number, sealed and indexed."""
    sealed = open_vault(holder, keys=act.keys).seal("sealed_phone", number.encode(), entropy=act.entropy)
    return replace(holder, phone_index=phone_index(number, keys=act.keys), sealed_phone=sealed)
