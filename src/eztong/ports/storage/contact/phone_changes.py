"""The repository of changes of the phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.contact.phone_change import ChangeState, EndedBy, PhoneChange
from eztong.domain.identifiers import HolderId


class PhoneChangeRepository(Protocol):
    """Changes of the phone by account, and by the token of the link that keeps the number of before."""

    def add(self, change: PhoneChange) -> None:
        """Store one that was asked for; a second one of the account that is asked or waits is an error."""
        ...

    def forget_asked(self, holder_id: HolderId) -> None:
        """Remove what was asked for and never begun."""
        ...

    def newest(self, holder_id: HolderId) -> PhoneChange | None:
        """Return the account's newest change, whatever its state."""
        ...

    def get(self, holder_id: HolderId, change_id: str) -> PhoneChange | None:
        """Return the change."""
        ...

    def by_link_hash(self, link_hash: bytes) -> PhoneChange | None:
        """Return the change that the link's token stops or undoes."""
        ...

    def list(self, holder_id: HolderId) -> Sequence[PhoneChange]:
        """Return the account's changes, newest first."""
        ...

    def begin(self, before: PhoneChange, after: PhoneChange) -> bool:
        """Store of ``after`` state, way, link and times if it is still ``asked``; return whether it was."""
        ...

    def settle(self, change: PhoneChange, *, until: datetime) -> bool:
        """Move one that waits to ``done`` by one conditional UPDATE; return whether this call did it."""
        ...

    def end(self, change: PhoneChange, state: ChangeState, *, by: EndedBy, now: datetime) -> bool:
        """Move a change to an end from the state it was seen in; return whether this call did it."""
        ...

    def end_unread(self, holder_id: HolderId, *, by: EndedBy, now: datetime) -> bool:
        """Stop whatever of the account has not ended, without reading it; return whether there was anything."""
        ...
