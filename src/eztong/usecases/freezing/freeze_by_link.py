"""Freeze an account by the link that stops a recovery: somebody else began it (clause 2.9; ADR 0028)."""

from __future__ import annotations

from eztong.domain.holder import FreezeCause, FreezeReason, Holder
from eztong.ports.act import Act
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.recovery.waiting_recovery import stop_by_link


def freeze_by_link(act: Act, token: str) -> Holder:
    """Stop what the link was sent for, and freeze the account as stolen.

    Raises:
        RecoveryOver: no such link, or nothing waits any more.
    """
    holder_id = stop_by_link(act, token).holder_id
    freeze = FreezeHolder(
        holder_id=holder_id, cause=FreezeCause.SELF, channel="recovery_link", reason=FreezeReason.ACCOUNT_STOLEN
    )
    return freeze_holder(act, freeze)
