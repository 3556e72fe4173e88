"""The repository of deregistrations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.deregistration.deregistration import Deregistration, UndoneBy
from eztong.domain.identifiers import HolderId


class DeregistrationRepository(Protocol):
    """Deregistrations by account and by ticket; every step is one conditional change."""

    def add(self, deregistration: Deregistration) -> bool:
        """Store a deregistration; return False, and store nothing, if one of the account has not ended."""
        ...

    def running(self, holder_id: HolderId) -> Deregistration | None:
        """Return the account's deregistration that has not ended."""
        ...

    def get(self, holder_id: HolderId, deregistration_id: str) -> Deregistration | None:
        """Return one of the account."""
        ...

    def list(self, holder_id: HolderId) -> Sequence[Deregistration]:
        """Return the account's deregistrations, oldest first."""
        ...

    def of_ticket(self, ticket_id: str) -> Deregistration | None:
        """Return the deregistration of a ticket."""
        ...

    def cancel(self, deregistration: Deregistration, by: UndoneBy, *, now: datetime) -> bool:
        """Move it from cooling to cancelled; return whether this call did it."""
        ...

    def begin(self, deregistration: Deregistration) -> bool:
        """Move it from cooling to executing; return whether this call did it."""
        ...

    def finish(self, done: Deregistration) -> bool:
        """Move it from executing to done and store ``done``'s receipt; return whether this call did it."""
        ...

    def confirm_revoked(self, holder_id: HolderId, *, now: datetime) -> bool:
        """Note that the authority confirmed the end of the registration; return whether this call did it."""
        ...

    def remove_cancelled(self, holder_id: HolderId) -> int:
        """Remove the account's cancelled deregistrations; return how many."""
        ...
