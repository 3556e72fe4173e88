"""The port of devices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.access.device import Device, DeviceState
from eztong.domain.identifiers import DeviceId, HolderId


class DeviceRepository(Protocol):
    """Devices of holders."""

    def add(self, device: Device) -> None:
        """Store a new device."""
        ...

    def get(self, holder_id: HolderId, device_id: DeviceId) -> Device | None:
        """Return the device."""
        ...

    def primary(self, holder_id: HolderId) -> Device | None:
        """Return the bound primary device."""
        ...

    def list(self, holder_id: HolderId) -> Sequence[Device]:
        """Return the account's devices, newest first."""
        ...

    def set_state(self, holder_id: HolderId, device_id: DeviceId, state: DeviceState) -> None:
        """Move the device to ``state``."""
        ...

    def erase(self, holder_id: HolderId) -> int:
        """Delete the account's devices; return how many."""
        ...
