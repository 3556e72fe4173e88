"""The repository of what limits accounts: marks, and what is known of the identity document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.events import Actor
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.restrictions.document import IdentityDocument
from eztong.domain.restrictions.mark import Ceiling, Restriction


class RestrictionRepository(Protocol):
    """Marks by account, what they do to the account, and the account's document."""

    def add(self, mark: Restriction) -> None:
        """Store a mark; :meth:`hold_to` must follow in the same unit of work."""
        ...

    def list(self, holder_id: HolderId) -> Sequence[Restriction]:
        """Return every mark that the account ever had, newest first."""
        ...

    def lift(self, mark: Restriction, *, by: Actor, now: datetime) -> bool:
        """End an open mark; return whether this call did it. :meth:`hold_to` must follow in the same unit of work."""
        ...

    def hold_to(self, holder: Holder, ceiling: Ceiling | None) -> bool:
        """Store the account's effective ceiling if no mark was set or lifted since ``holder`` was read.

        Return whether it did. Whoever loses that race has read marks that are no longer all, and must begin anew.
        """
        ...

    def document(self, holder_id: HolderId) -> IdentityDocument | None:
        """Return what is known of the account's document."""
        ...

    def keep_document(self, document: IdentityDocument) -> None:
        """Store what the authority said, in place of what it said before."""
        ...

    def note_reminder(self, document: IdentityDocument, days: int) -> bool:
        """Note a reminder if the document still stands as it was read; return whether this call did it."""
        ...
