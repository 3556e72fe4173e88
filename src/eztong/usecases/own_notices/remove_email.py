"""Remove the e-mail address alone: the account stays as it is, and notices go to the phone only."""

from __future__ import annotations

from eztong.domain.events import EventKind
from eztong.domain.notices import Topic
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder


def remove_email(act: Act, session_hash: bytes) -> bool:
    """Remove the address and end its link; return whether there was one.

    A proven one is told of it a last time: whoever has the phone in hand must not end its warnings unseen.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
    """
    holder = find_unlocked(session_hash, stored=act.uow, now=act.now).holder
    email = act.uow.emails.get(holder.holder_id)
    if email is None:
        return False
    if email.proven_at is not None:
        tell_holder(act, holder, Topic.EMAIL_REMOVED, {})
    note_event(act, holder.holder_id, EventKind.EMAIL_REMOVED)
    return act.uow.emails.remove(holder.holder_id)
