"""Withdraw a grant; the next verification no longer finds it (clause 2.3)."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.identifiers import GrantId, HolderId
from eztong.ports.entropy import Entropy
from eztong.ports.storage.records import HolderEvent
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.naming import new_id


def withdraw_grant(holder_id: HolderId, grant_id: GrantId, *, uow: UnitOfWork, entropy: Entropy, now: datetime) -> bool:
    """Withdraw a live grant of the account; return whether this call did it. Twice is the same as once."""
    if not uow.requests.withdraw_grant(holder_id, grant_id, now=now):
        return False
    uow.holders.add_event(
        HolderEvent(
            holder_id=holder_id,
            event_id=new_id("evt", now=now, entropy=entropy),
            kind="grant_withdrawn",
            actor="self",
            detail=f"grant={grant_id}",
            at=now,
        )
    )
    return True
