"""Devices: what a holder shows codes from. ``pending -> bound -> lost | unbound | superseded``; one is primary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eztong.domain.errors import DeviceNotBound
from eztong.domain.identifiers import DeviceId, HolderId


class DeviceState(StrEnum):
    """Where the binding stands; the last three are final."""

    PENDING = "pending"
    BOUND = "bound"
    LOST = "lost"
    UNBOUND = "unbound"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A browser or app that proved the holder's phone by a message code (clause 2.6)."""

    holder_id: HolderId
    device_id: DeviceId
    state: DeviceState
    is_primary: bool
    label: str
    created_at: datetime
    bound_at: datetime | None = None


def check_bound(device: Device | None) -> Device:
    """Return the device if it is bound.

    Raises:
        DeviceNotBound: there is none, or it is pending, lost, unbound or superseded.
    """
    if device is None or device.state is not DeviceState.BOUND:
        raise DeviceNotBound
    return device
