"""Stop the recovery that waits for an account (ADR 0028)."""

from __future__ import annotations

from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.notices import Topic
from eztong.domain.recovery import RecoveryState, StoppedBy
from eztong.ports.act import Act
from eztong.usecases.apart import CONTACT, Unread, read_apart
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder


def stop_waiting(act: Act, holder: Holder, by: StoppedBy) -> bool:
    """Stop it, write down by what, and tell the holder; return whether anything waited.

    One that cannot be read is stopped unread.
    """
    newest = read_apart(act, CONTACT, lambda: act.uow.recoveries.newest(holder.holder_id))
    if isinstance(newest, Unread):
        is_stopped = act.uow.recoveries.end_unread(holder.holder_id, by=by, now=act.now)
    else:
        if newest is None or not newest.is_waiting(now=act.now):
            return False
        is_stopped = act.uow.recoveries.end(newest, RecoveryState.STOPPED, by=by, now=act.now)
    if not is_stopped:
        return False
    note_event(act, holder.holder_id, EventKind.RECOVERY_STOPPED, detail=f"by={by}")
    tell_holder(act, holder, Topic.RECOVERY_STOPPED, {})
    return True
