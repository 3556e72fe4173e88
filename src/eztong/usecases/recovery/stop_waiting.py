"""Stop the recovery that waits for an account (ADR 0028)."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.notices import Topic
from eztong.domain.recovery import RecoveryState, StoppedBy
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder


def stop_waiting(
    holder: Holder, by: StoppedBy, *, uow: UnitOfWork, keys: Keys, entropy: Entropy, now: datetime
) -> bool:
    """Stop it, write down by what, and tell the holder; return whether anything waited."""
    newest = uow.recoveries.newest(holder.holder_id)
    if newest is None or not newest.is_waiting(now=now):
        return False
    if not uow.recoveries.end(newest, RecoveryState.STOPPED, by=by, now=now):
        return False
    note_event(holder.holder_id, EventKind.RECOVERY_STOPPED, uow=uow, entropy=entropy, now=now, detail=f"by={by}")
    tell_holder(holder, Topic.RECOVERY_STOPPED, {}, uow=uow, keys=keys, entropy=entropy, now=now)
    return True
