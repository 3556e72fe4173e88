"""Prove a phone by a message code, which binds the device (clause 2.6)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eztong.domain.access.device import Device
from eztong.domain.access.otp import OtpChallenge, OtpPurpose
from eztong.domain.errors import OtpExpired, StateConflict
from eztong.domain.holder import ACCOUNTS_PER_PHONE, Holder, HolderState, PhoneFull
from eztong.domain.identity.phone import Phone
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.bind_device import bind_device
from eztong.usecases.access.find_session import find_session
from eztong.usecases.access.message_code import (
    Asker,
    SendCode,
    TypedCode,
    check_message_code,
    send_message_code,
    use_message_code,
)
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.refusal import Refused
from eztong.usecases.vault import open_vault, phone_index


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForOtp:
    """Send a message code to ``phone`` for the application of this session."""

    asker: Asker
    phone: Phone
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmOtp:
    """The digits that came back, and what kind of browser sent them."""

    code: TypedCode
    device_label: str


def send_registration_otp(act: Act, command: AskForOtp) -> OtpChallenge:
    """Send a message code and remember the phone, sealed, with the application; return the code that is open now.

    Raises:
        SessionMissing: no application was opened in this session: the agreements come first (clause 3.2).
        StateConflict: its phone is proven; another one would not be.
        AgreementNotAccepted: what was accepted no longer counts; nothing was stored (clause 3.2).
        TooMany: this browser, its network or all strangers asked too often for this phone.
    """
    signed_in = find_session(command.asker.session_hash, stored=act.uow, now=act.now)
    if signed_in.holder.state is not HolderState.DRAFT or signed_in.session.device_id is not None:
        raise StateConflict("The phone of this application is confirmed already.")
    check_consent(signed_in.holder.holder_id, stored=act.uow)
    index = phone_index(command.phone.value, keys=act.keys)
    vault = open_vault(signed_in.holder, keys=act.keys)
    sealed = vault.seal("sealed_phone", command.phone.value.encode(), entropy=act.entropy)
    act.uow.holders.update(replace(signed_in.holder, sealed_phone=sealed, phone_index=index))
    code = SendCode(
        asker=command.asker,
        purpose=OtpPurpose.REGISTER,
        subject=index,
        holder_id=signed_in.holder.holder_id,
        phone=command.phone.value,
        language=command.language,
    )
    return send_message_code(act, code)


def confirm_registration_otp(act: Act, command: ConfirmOtp) -> Device | Refused:
    """Check the digits; when they are right, bind this device to the application.

    Returns:
        The bound device, or a remembered refusal (a wrong try is counted).

    Raises:
        SessionMissing: no application in this session.
        OtpIncomplete, OtpExpired, OtpLocked: no code, or none that can still be used.
    """
    signed_in = find_session(command.code.session_hash, stored=act.uow, now=act.now)
    challenge = check_message_code(act, command.code, OtpPurpose.REGISTER)
    if isinstance(challenge, Refused):
        return challenge
    # The phone on the application is the one that the code went to: a newer one has a newer code.
    if (challenge.holder_id, challenge.phone_index) != (signed_in.holder.holder_id, signed_in.holder.phone_index):
        raise OtpExpired
    use_message_code(act, challenge)
    try:
        check_room_on_phone(challenge.phone_index, but=signed_in.holder, stored=act.uow)
    except PhoneFull as why:
        return Refused(why)
    return bind_device(act, signed_in, phone_index=challenge.phone_index, label=command.device_label)


def check_room_on_phone(phone_index: bytes | None, *, but: Holder, stored: Repositories) -> None:
    """Refuse a phone that carries as many accounts as it may (clause 2.6); wards on a family's phone do not count.

    Raises:
        PhoneFull: other live accounts fill it.
    """
    if phone_index is None:
        return
    accounts = (one for one in stored.holders.by_phone_index(phone_index) if one.has_account)
    others = [one for one in accounts if one.holder_id != but.holder_id and not _is_ward(one, stored=stored)]
    if len(others) >= ACCOUNTS_PER_PHONE:
        raise PhoneFull


def _is_ward(holder: Holder, *, stored: Repositories) -> bool:
    return stored.guardianships.active_of(holder.holder_id) is not None
