"""Withdraw a grant; the next verification no longer finds it (clause 2.3)."""

from __future__ import annotations

from eztong.domain.events import EventKind
from eztong.domain.identifiers import GrantId
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.note_event import note_event


def withdraw_grant(act: Act, session_hash: bytes, grant_id: GrantId) -> bool:
    """Withdraw a live grant of the account; return whether this call did it. Twice is the same as once.

    Withdrawing is easy: the bound device may without an unlock.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this session may not.
    """
    holder_id = find_bound(session_hash, stored=act.uow, now=act.now).holder.holder_id
    if not act.uow.grants.withdraw(holder_id, grant_id, now=act.now):
        return False
    detail = f"grant={grant_id}"
    note_event(act, holder_id, EventKind.GRANT_WITHDRAWN, detail=detail)
    return True
