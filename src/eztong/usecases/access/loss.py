"""What holds while an account is frozen because its phone was lost or the account stolen (clause 2.9; ADR 0052).

Somebody else may hold the phone, with what is on it. So nobody signs in, and only what was the holder's before the loss
opens the account at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from eztong.domain.access.device import DeviceState
from eztong.domain.access.passkey import Passkey
from eztong.domain.access.pin import Pin
from eztong.domain.errors import HolderFrozen
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.recovery import PasskeyOfLostPhone, check_settled, is_settled_proof
from eztong.ports.storage.holders import HolderEvent
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.told_loss import events_if_frozen, loss_in, lost_since

_FIRST = frozenset({EventKind.PIN_SET, EventKind.PASSKEY_ADDED})


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
    events = events_if_frozen(holder, stored=stored)
    lost_at = loss_in(events)
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
