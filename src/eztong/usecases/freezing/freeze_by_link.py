"""Freeze an account by the link that stops what somebody else began (clause 2.9; ADR 0028, ADR 0058)."""

from __future__ import annotations

from eztong.domain.holder import FreezeCause, FreezeReason, Holder
from eztong.ports.act import Act
from eztong.usecases.contact.keep_number import keep_by_link
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.recovery.waiting_recovery import stop_by_link


def freeze_by_link(act: Act, token: str) -> Holder:
    """Stop what the link was sent for, and freeze the account as stolen.

    Raises:
        RecoveryOver: no such link, or nothing waits any more.
    """
    return _freeze(act, stop_by_link(act, token), channel="recovery_link")


def freeze_by_phone_link(act: Act, token: str) -> Holder:
    """Keep the number of before, and freeze the account as stolen.

    Raises:
        PhoneChangeOver: no such link, it was used, or its time is over.
    """
    return _freeze(act, keep_by_link(act, token), channel="phone_link")


def _freeze(act: Act, holder: Holder, *, channel: str) -> Holder:
    freeze = FreezeHolder(
        holder_id=holder.holder_id, cause=FreezeCause.SELF, channel=channel, reason=FreezeReason.ACCOUNT_STOLEN
    )
    return freeze_holder(act, freeze)
