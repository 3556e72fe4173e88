"""Choose what is told beyond what every holder is told: each use, and promotional notices (clause 2.4)."""

from __future__ import annotations

from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.note_event import note_event


def choose_per_use(act: Act, session_hash: bytes, *, is_on: bool) -> None:
    """Switch the notice of each use on or off; uses of before are not told.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
    """
    holder = _chooser(act, session_hash)
    newest = act.uow.verifications.for_holder(holder.holder_id, before=None, limit=1)
    told_until = newest[0].verification_id if newest else ""
    act.uow.notice_choices.set_per_use(holder.holder_id, is_on=is_on, told_until=told_until, now=act.now)
    note_event(act, holder.holder_id, EventKind.NOTICES_CHOSEN, detail=f"per_use={_word(is_on=is_on)}")


def choose_promotions(act: Act, session_hash: bytes, *, is_on: bool) -> None:
    """Allow or refuse promotional notices. Nothing sends any: whatever will must ask for this choice first.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
    """
    holder = _chooser(act, session_hash)
    act.uow.notice_choices.set_promotions(holder.holder_id, is_on=is_on, now=act.now)
    note_event(act, holder.holder_id, EventKind.NOTICES_CHOSEN, detail=f"promotions={_word(is_on=is_on)}")


def _chooser(act: Act, session_hash: bytes) -> Holder:
    return find_unlocked(session_hash, stored=act.uow, now=act.now).holder


def _word(*, is_on: bool) -> str:
    return "on" if is_on else "off"
