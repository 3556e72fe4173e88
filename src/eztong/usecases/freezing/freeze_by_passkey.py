"""Freeze an account with one of its passkeys: no session, no message code, nothing typed (clause 2.9)."""

from __future__ import annotations

from eztong.domain.holder import FreezeCause, FreezeReason, Holder
from eztong.ports.act import HOLDER, Act
from eztong.ports.services import Services
from eztong.usecases.access.challenge_passkey import CheckedPasskey, PasskeyAnswer, check_passkey, take_passkey
from eztong.usecases.access.loss import check_vouches
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder


def freeze_by_passkey(answer: PasskeyAnswer, reason: FreezeReason, *, services: Services) -> Holder:
    """Freeze the passkey's account at once.

    Raises:
        PasskeyRefused: it does not hold, or was removed meanwhile.
        PasskeyOfLostPhone, ProofTooNew: the account is frozen for a loss, and this may be the thief's.
        NotFound, StateConflict: there is no account any more.
    """
    checked = check_passkey(answer, services=services)
    return services.perform(HOLDER, _freeze, checked, reason)


def _freeze(act: Act, checked: CheckedPasskey, reason: FreezeReason) -> Holder:
    passkey = take_passkey(act, checked)
    holder = act.uow.holders.get(passkey.holder_id)
    if holder is not None:
        # A freeze stops a recovery that waits: whoever has the lost phone must not stop its owner's.
        check_vouches(holder, passkey, stored=act.uow)
    command = FreezeHolder(
        holder_id=passkey.holder_id,
        cause=FreezeCause.SELF,
        channel="passkey",
        reason=reason,
        told_on=passkey.device_id,
    )
    return freeze_holder(act, command)
