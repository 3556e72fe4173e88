"""Freeze an account from any browser with the message code that went to the phone on file (clause 2.9)."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.errors import OtpExpired
from eztong.domain.holder import FreezeCause, FreezeReason, Holder
from eztong.ports.act import Act
from eztong.usecases.access.code_of_phone import check_phone_serves
from eztong.usecases.access.message_code import TypedCode, check_message_code, use_message_code
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.refusal import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeWithoutSignIn:
    """The digits that came to the phone on file; the account is the one that they were sent for."""

    code: TypedCode
    reason: FreezeReason


def freeze_without_sign_in(act: Act, command: FreezeWithoutSignIn) -> Holder | Refused:
    """Freeze at once.

    Returns:
        The frozen account, or a remembered refusal (a wrong try is counted).

    Raises:
        OtpIncomplete, OtpExpired, OtpLocked: no code, or none that can still be used.
    """
    challenge = check_message_code(act, command.code, OtpPurpose.FREEZE)
    if isinstance(challenge, Refused):
        return challenge
    holder = None if challenge.holder_id is None else act.uow.holders.get(challenge.holder_id)
    if holder is None:
        raise OtpExpired
    check_phone_serves(act, holder, challenge)
    use_message_code(act, challenge)
    freeze = FreezeHolder(
        holder_id=holder.holder_id, cause=FreezeCause.SELF, channel="without_sign_in", reason=command.reason
    )
    return freeze_holder(act, freeze)
