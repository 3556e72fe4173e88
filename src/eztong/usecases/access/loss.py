"""What holds while an account is frozen because its phone was lost or the account stolen (clause 2.9; ADR 0052).

Somebody else may hold the phone, with what is on it. So nobody signs in, and only what was the holder's before the loss
opens the account at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from eztong.domain.access.device import DeviceState
from eztong.domain.access.passkey import Passkey
from eztong.domain.access.pin import Pin
from eztong.domain.errors import HolderFrozen
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder, HolderState, is_loss
from eztong.domain.recovery import PasskeyOfLostPhone, check_settled, is_settled_proof
from eztong.ports.storage.holders import HolderEvent
from eztong.ports.storage.repositories import Repositories

_ENDS = frozenset({EventKind.UNFROZEN, EventKind.RECOVERED})
_FIRST = frozenset({EventKind.PIN_SET, EventKind.PASSKEY_ADDED})


def lost_since(holder: Holder, *, stored: Repositories) -> datetime | None:
    """Return when a loss was first told in the freeze that holds now; None if none was, or nothing is frozen.

    A freeze over another one, or for another reason, hides nothing that was told before.
    """
    return _loss_in(_events_if_frozen(holder, stored=stored))


def check_not_lost(holder: Holder, *, stored: Repositories) -> None:
    """Refuse to open a session while a loss stands: recovering is the only way in.

    Raises:
        HolderFrozen: it does.
    """
    if lost_since(holder, stored=stored) is not None:
        raise HolderFrozen


def check_vouches(holder: Holder, proof: Pin | Passkey, *, stored: Repositories) -> None:
    """Refuse, while a loss stands, what whoever has the phone may have, or may have set.

    Raises:
        PasskeyOfLostPhone, ProofTooNew: it does not open the account at once.
    """
    events = _events_if_frozen(holder, stored=stored)
    lost_at = _loss_in(events)
    if lost_at is None:
        return
    if isinstance(proof, Passkey):
        device = stored.devices.get(holder.holder_id, proof.device_id)
        if device is None or device.state is DeviceState.LOST:
            raise PasskeyOfLostPhone
    made_at = proof.created_at if isinstance(proof, Passkey) else proof.changed_at
    check_settled(made_at, lost_at=lost_at, first_at=_first_at(events))


def is_settled_pin(pin: Pin, holder: Holder, *, lost_at: datetime, stored: Repositories) -> bool:
    """Say whether a PIN was its holder's before a loss, or is the account's first."""
    first_at = _first_at(stored.holders.events(holder.holder_id))
    return is_settled_proof(pin.changed_at, lost_at=lost_at, first_at=first_at)


def _first_at(events: Sequence[HolderEvent]) -> datetime | None:
    return min((event.at for event in events if event.kind in _FIRST), default=None)


def _events_if_frozen(holder: Holder, *, stored: Repositories) -> Sequence[HolderEvent]:
    # Newest first. Nothing is read for an account that is not frozen, as nearly all are.
    return stored.holders.events(holder.holder_id) if holder.state is HolderState.FROZEN else ()


def _loss_in(newest_first: Sequence[HolderEvent]) -> datetime | None:
    of_this_freeze = takewhile(lambda one: one.kind not in _ENDS, newest_first)
    told = [one.at for one in of_this_freeze if one.kind is EventKind.FROZEN and is_loss(one.fact("reason"))]
    return told[-1] if told else None
