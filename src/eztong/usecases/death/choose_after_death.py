"""Choose what shall become of the own account after one's death (PIPL art. 49)."""

from __future__ import annotations

from eztong.domain.death.after_death import Wish, stored_as, wish_of
from eztong.domain.events import EventKind
from eztong.domain.notices import Topic
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder


def choose_after_death(act: Act, session_hash: bytes, wish: Wish) -> None:
    """Store the choice, and tell the holder; it holds until the holder makes another one.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
    """
    holder = find_unlocked(session_hash, stored=act.uow, now=act.now).holder
    if wish_of(holder) is wish:
        return
    act.uow.holders.choose_after_death(holder.holder_id, stored_as(wish))
    note_event(act, holder.holder_id, EventKind.AFTER_DEATH_CHOSEN, detail=f"wish={wish}")
    tell_holder(act, holder, Topic.AFTER_DEATH_CHOSEN, {})
