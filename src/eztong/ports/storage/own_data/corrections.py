"""The repository of corrections of what was checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.identifiers import HolderId
from eztong.domain.own_data.correction import Correction


class CorrectionRepository(Protocol):
    """Corrections by account; none changes once it was stored, but that a proposed one is settled once."""

    def add(self, correction: Correction) -> None:
        """Store a correction with its outcome."""
        ...

    def settle(self, correction: Correction) -> bool:
        """Store state and reason of a proposed one by one conditional UPDATE; return whether this call did it."""
        ...

    def list(self, holder_id: HolderId) -> Sequence[Correction]:
        """Return the account's corrections, newest first."""
        ...
