"""Ask to change the phone: a code to the new number, and to the number of before where it still is the holder's (2.7).

Nothing has changed yet. The new number lies sealed in the row until its code came back.
"""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.contact.phone_change import (
    ASKS_BY_ACCOUNT,
    ChangeState,
    ChangeWay,
    PhoneChange,
    PhoneSame,
    RecoveryInTheWay,
    check_may_wait,
)
from eztong.domain.errors import InputInvalid
from eztong.domain.holder import Holder
from eztong.domain.identity.phone import Phone
from eztong.domain.standing import check_may_show_code
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.access.message_code import Asker, SendCode, send_message_code
from eztong.usecases.contact.cooling import check_contact_settled
from eztong.usecases.contact.numbers import current_number, seal_number
from eztong.usecases.naming import new_id
from eztong.usecases.spend_budget import spend
from eztong.usecases.vault import phone_index


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPhoneChange:
    """Change the phone of this session's account to ``phone``; ``way`` says whether the number of before is there."""

    asker: Asker
    phone: Phone
    way: ChangeWay
    language: str


def ask_phone_change(act: Act, command: AskPhoneChange) -> PhoneChange:
    """Send the codes and remember the new number, sealed, until they come back.

    1. The session is the holder's own, on a bound device, freshly unlocked, and the account is in use.
    2. No change cools and no recovery waits: one thing after the other.
    3. An account asks for so many numbers a day. Whether the new one has room for another account is said only to
       whoever has proved it.

    Raises:
        SessionMissing, HolderNotUsable, DeviceNotBound, Locked: this session may not.
        ContactCooling, RecoveryInTheWay, PhoneChangePaused: not now.
        InputInvalid: this way is staff's.
        PhoneSame: it is the account's number.
        TooMany: the account or this browser asked too often.
    """
    holder = find_unlocked(command.asker.session_hash, stored=act.uow, now=act.now).holder
    check_may_change(act, holder)
    if command.way is ChangeWay.MATCHED:
        check_may_wait(act.uow.phone_changes.newest(holder.holder_id), now=act.now)
    if command.way is ChangeWay.APPEAL:
        raise InputInvalid
    index = phone_index(command.phone.value, keys=act.keys)
    if index == holder.phone_index:
        raise PhoneSame
    spend(act, ASKS_BY_ACCOUNT, holder.holder_id.encode())
    change = _remember(act, holder, command)
    if command.way is ChangeWay.BOTH_NUMBERS:
        of_before = current_number(holder, keys=act.keys)
        _send(act, command, holder, purpose=OtpPurpose.CHANGE_FROM, phone=of_before)
    _send(act, command, holder, purpose=OtpPurpose.CHANGE_TO, phone=command.phone.value)
    return change


def check_may_change(act: Act, holder: Holder) -> None:
    """Refuse to change the phone now.

    Raises:
        HolderNotUsable: the account is not in use.
        ContactCooling, RecoveryInTheWay: something else comes first.
    """
    check_may_show_code(holder)
    check_contact_settled(holder.holder_id, stored=act.uow, now=act.now)
    recovery = act.uow.recoveries.newest(holder.holder_id)
    if recovery is not None and recovery.is_waiting(now=act.now):
        raise RecoveryInTheWay


def _remember(act: Act, holder: Holder, command: AskPhoneChange) -> PhoneChange:
    change_id = new_id(act, "phc")
    change = PhoneChange(
        holder_id=holder.holder_id,
        change_id=change_id,
        state=ChangeState.ASKED,
        way=command.way,
        session_hash=command.asker.session_hash,
        sealed_old=seal_number(act, holder, f"{change_id}.old", current_number(holder, keys=act.keys)),
        sealed_new=seal_number(act, holder, f"{change_id}.new", command.phone.value),
        asked_at=act.now,
    )
    act.uow.phone_changes.forget_asked(holder.holder_id)
    act.uow.phone_changes.add(change)
    return change


def _send(act: Act, command: AskPhoneChange, holder: Holder, *, purpose: OtpPurpose, phone: str) -> None:
    code = SendCode(
        asker=command.asker,
        purpose=purpose,
        subject=phone_index(phone, keys=act.keys),
        holder_id=holder.holder_id,
        phone=phone,
        language=command.language,
        known_as=holder.holder_id,
    )
    send_message_code(act, code)
