"""When the loss was told that an account is frozen for (clause 2.9; ADR 0052)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from eztong.domain.events import EventKind
from eztong.domain.holder import Holder, HolderState, is_loss
from eztong.ports.storage.holders import HolderEvent
from eztong.ports.storage.repositories import Repositories

_ENDS = frozenset({EventKind.UNFROZEN, EventKind.RECOVERED})


def lost_since(holder: Holder, *, stored: Repositories) -> datetime | None:
    """Return when a loss was first told in the freeze that holds now; None if none was, or nothing is frozen.

    A freeze over another one, or for another reason, hides nothing that was told before.
    """
    return loss_in(events_if_frozen(holder, stored=stored))


def events_if_frozen(holder: Holder, *, stored: Repositories) -> Sequence[HolderEvent]:
    """Return the account's history, newest first; nothing is read where it is not frozen, as nearly all are not."""
    return stored.holders.events(holder.holder_id) if holder.state is HolderState.FROZEN else ()


def loss_in(newest_first: Sequence[HolderEvent]) -> datetime | None:
    """Return when a loss was first told in the newest freeze of a history."""
    of_this_freeze = takewhile(lambda one: one.kind not in _ENDS, newest_first)
    told = [one.at for one in of_this_freeze if one.kind is EventKind.FROZEN and is_loss(one.fact("reason"))]
    return told[-1] if told else None
