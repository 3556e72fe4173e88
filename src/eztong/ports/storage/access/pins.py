"""The port of PINs."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.access.pin import Pin
from eztong.domain.identifiers import HolderId


class PinRepository(Protocol):
    """One PIN per account."""

    def get(self, holder_id: HolderId) -> Pin | None:
        """Return the account's PIN."""
        ...

    def save(self, pin: Pin) -> None:
        """Store the PIN, replacing what was."""
        ...

    def remove(self, holder_id: HolderId) -> None:
        """Forget the account's PIN."""
        ...
