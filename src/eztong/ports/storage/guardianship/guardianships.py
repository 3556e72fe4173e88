"""The repository of guardianships."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.guardianship.guardianship import CareEnd, Guardianship
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

    def numbers_around(self, ward_id: HolderId, number_index: bytes | None) -> Sequence[bytes]:
        """Return the number indexes of who is, was, or asked to be guardian of a ward, or of who else has its number.

        Applications of one child wait side by side.
        """
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

    def ids_of_ward(self, ward_id: HolderId) -> Sequence[str]:
        """Return the ids of all of a ward, newest first: also of those whose rows cannot be read."""
        ...

    def end_offers(self, holder_id: HolderId) -> int:
        """End the digits that hand an account over on either side of this one, unread; return how many there were."""
        ...

    def end_unread(self, guardianship_id: str, by: CareEnd, *, now: datetime) -> bool:
        """End one that cannot be read, unless its state says that it is over; return whether this call did it."""
        ...

    def by_invitation(self, invite_hash: bytes) -> Guardianship | None:
        """Return the invitation with this keyed hash of number and digits, however old."""
        ...

    def waiting(self, *, after: tuple[int, str] | None = None, limit: int) -> Listed[Guardianship]:
        """Return those that staff decide, oldest first.

        ``after`` is when the last one of the page before was declared, in milliseconds, and its id.
        """
        ...

    def change(self, before: Guardianship, after: Guardianship) -> bool:
        """Store ``after`` if it still stands as ``before``; return whether it did."""
        ...
