"""Keep an account's data and use it for nothing, as its holder asks; and use it again (PIPL art. 44)."""

from __future__ import annotations

from typing import Final

from eztong.domain.holder import Holder
from eztong.domain.restrictions.mark import RESUMES, Cause, Ceiling
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_bound, find_unlocked
from eztong.usecases.restrictions.change_marks import NewMark, change_marks
from eztong.usecases.spend_budget import spend

_ASKED: Final = NewMark(cause=Cause.ASKED, ceiling=Ceiling.NONE, rule="asked")


def pause_use(act: Act, session_hash: bytes) -> Holder:
    """Let nothing pass from now on; codes that are out end. Twice is the same as once.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this session may not.
        StateConflict: marks changed meanwhile.
    """
    holder = find_bound(session_hash, stored=act.uow, now=act.now).holder
    return change_marks(act, holder, new=_ASKED).holder


def resume_use(act: Act, session_hash: bytes) -> Holder:
    """Let pass again what other marks let pass; it takes a fresh unlock, since a thief would have it undone.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
        StateConflict: marks changed meanwhile.
        TooMany: it was paused and let go on too often today.
    """
    holder = find_unlocked(session_hash, stored=act.uow, now=act.now).holder
    changed = change_marks(act, holder, lifts=frozenset({Cause.ASKED}))
    if changed.lifted:
        spend(act, RESUMES, holder.holder_id.encode())
    return changed.holder
