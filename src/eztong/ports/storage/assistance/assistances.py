"""The repository of assistances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.assistance.assistance import Assistance
from eztong.domain.identifiers import HolderId


class AssistanceRepository(Protocol):
    """Assistances by elder, by helper, and by the digits of an invitation."""

    def add(self, assistance: Assistance) -> None:
        """Store a new one; a second active one of an elder is an error."""
        ...

    def get(self, assistance_id: str) -> Assistance | None:
        """Return the assistance."""
        ...

    def active_of(self, elder_id: HolderId) -> Assistance | None:
        """Return the elder's active one, also if its time is over and nobody ended it yet."""
        ...

    def of_elder(self, elder_id: HolderId) -> Sequence[Assistance]:
        """Return all of an elder, newest first."""
        ...

    def of_helper(self, helper_id: HolderId) -> Sequence[Assistance]:
        """Return all of a helper, newest first."""
        ...

    def ids_of_elder(self, elder_id: HolderId) -> Sequence[str]:
        """Return the ids of all of an elder, newest first: also of those whose rows cannot be read."""
        ...

    def ids_of_helper(self, helper_id: HolderId) -> Sequence[str]:
        """Return the ids of all of a helper, newest first: also of those whose rows cannot be read."""
        ...

    def by_invitation(self, invite_hash: bytes) -> Assistance | None:
        """Return the newest invitation with this keyed hash of its digits, however old."""
        ...

    def change(self, before: Assistance, after: Assistance) -> bool:
        """Store ``after`` if it still stands as ``before``; return whether it did."""
        ...
