"""Choose what shall become of the own account after one's death (PIPL art. 49)."""

from __future__ import annotations

from eztong.domain.death.after_death import Wish
from eztong.domain.events import EventKind
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.note_event import note_event


def choose_after_death(act: Act, session_hash: bytes, wish: Wish) -> None:
    """Store the choice; it holds until the holder makes another one.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
    """
    holder = find_unlocked(session_hash, stored=act.uow, now=act.now).holder
    chosen = None if wish is Wish.RELATIVES else wish.value
    if holder.after_death == chosen:
        return
    act.uow.holders.choose_after_death(holder.holder_id, chosen)
    note_event(act, holder.holder_id, EventKind.AFTER_DEATH_CHOSEN, detail=f"wish={wish}")
