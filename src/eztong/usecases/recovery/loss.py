"""Whether an account is frozen because its phone was lost or the account stolen, and since when (clause 2.9)."""

from __future__ import annotations

from datetime import datetime
from itertools import takewhile

from eztong.domain.events import EventKind
from eztong.domain.holder import Holder, HolderState, is_loss
from eztong.ports.storage.repositories import Repositories

_ENDS = frozenset({EventKind.UNFROZEN, EventKind.RECOVERED})


def lost_since(holder: Holder, *, stored: Repositories) -> datetime | None:
    """Return when a loss was first told in the freeze that holds now; None if none was, or nothing is frozen.

    A freeze over another one, or for another reason, hides nothing that was told before.
    """
    if holder.state is not HolderState.FROZEN:
        return None
    of_this_freeze = takewhile(lambda one: one.kind not in _ENDS, stored.holders.events(holder.holder_id))
    told = [one.at for one in of_this_freeze if one.kind is EventKind.FROZEN and is_loss(one.fact("reason"))]
    return told[-1] if told else None
