"""Write down what happened to an account, for its holder to read."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.events import Actor, EventKind
from eztong.domain.identifiers import HolderId
from eztong.ports.entropy import Entropy
from eztong.ports.storage.records import HolderEvent
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.naming import new_id


def note_event(
    holder_id: HolderId,
    kind: EventKind,
    *,
    uow: UnitOfWork,
    entropy: Entropy,
    now: datetime,
    detail: str = "",
    actor: Actor = Actor.HOLDER,
) -> None:
    """Store an act, the holder's own unless ``actor`` says otherwise; ``detail`` holds no personal data."""
    uow.holders.add_event(
        HolderEvent(
            holder_id=holder_id,
            event_id=new_id("evt", now=now, entropy=entropy),
            kind=kind,
            actor=actor,
            detail=detail,
            at=now,
        )
    )
