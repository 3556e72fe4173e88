"""Freeze the own account from a browser that is signed in: no unlock, one press (clause 2.9)."""

from __future__ import annotations

from eztong.domain.holder import FreezeCause, FreezeReason, Holder
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder


def freeze_from_session(act: Act, session_hash: bytes, reason: FreezeReason) -> Holder:
    """Freeze the session's account at once.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this session may not.
        StateConflict: the account changed meanwhile.
    """
    signed_in = find_bound(session_hash, stored=act.uow, now=act.now)
    freeze = FreezeHolder(
        holder_id=signed_in.holder.holder_id,
        cause=FreezeCause.SELF,
        channel="web",
        reason=reason,
        told_on=signed_in.session.device_id,
    )
    return freeze_holder(act, freeze)
