"""The repository of guardianships."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.guardianship.guardianship import Guardianship
from eztong.domain.identifiers import HolderId


class GuardianshipRepository(Protocol):
    """Guardianships by ward, by guardian, and by the digits of an invitation."""

    def add(self, guardianship: Guardianship) -> None:
        """Store a new one; a second active one of a ward is an error."""
        ...

    def get(self, guardianship_id: str) -> Guardianship | None:
        """Return the guardianship."""
        ...

    def active_of(self, ward_id: HolderId) -> Guardianship | None:
        """Return the ward's active one."""
        ...

    def of_ward(self, ward_id: HolderId) -> Sequence[Guardianship]:
        """Return all of a ward, newest first."""
        ...

    def of_guardian(self, guardian_id: HolderId) -> Sequence[Guardianship]:
        """Return all of a guardian, newest first."""
        ...

    def ids_of_guardian(self, guardian_id: HolderId) -> Sequence[str]:
        """Return the ids of all of a guardian, newest first: also of those whose rows cannot be read."""
        ...

    def by_invitation(self, invite_hash: bytes) -> Guardianship | None:
        """Return the invitation with this keyed hash of number and digits, however old."""
        ...

    def waiting(self, *, limit: int) -> Sequence[Guardianship]:
        """Return those that staff decide, oldest first."""
        ...

    def change(self, before: Guardianship, after: Guardianship) -> bool:
        """Store ``after`` if it still stands as ``before``; return whether it did."""
        ...
