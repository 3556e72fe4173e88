"""Write down what happened to an account, for its holder to read."""

from __future__ import annotations

from eztong.domain.events import EventKind
from eztong.domain.identifiers import HolderId
from eztong.ports.act import Act
from eztong.ports.storage.holders import HolderEvent
from eztong.usecases.naming import new_id


def note_event(act: Act, holder_id: HolderId, kind: EventKind, *, detail: str = "") -> None:
    """Store that ``act.by`` did this to the account; whoever acts under a name of their own is named in it.

    ``detail`` holds no personal data.
    """
    named = f"{act.by.actor}={act.by.name}" if act.by.name else ""
    act.uow.holders.add_event(
        HolderEvent(
            holder_id=holder_id,
            event_id=new_id(act, "evt"),
            kind=kind,
            actor=act.by.actor,
            detail=" ".join(filter(None, (detail, named))),
            at=act.now,
        )
    )
