"""Withdraw a grant; the next verification no longer finds it (clause 2.3)."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.events import EventKind
from eztong.domain.identifiers import GrantId, HolderId
from eztong.ports.entropy import Entropy
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.note_event import note_event


def withdraw_grant(holder_id: HolderId, grant_id: GrantId, *, uow: UnitOfWork, entropy: Entropy, now: datetime) -> bool:
    """Withdraw a live grant of the account; return whether this call did it. Twice is the same as once."""
    if not uow.requests.withdraw_grant(holder_id, grant_id, now=now):
        return False
    detail = f"grant={grant_id}"
    note_event(holder_id, EventKind.GRANT_WITHDRAWN, uow=uow, entropy=entropy, now=now, detail=detail)
    return True
