"""The repository of e-mail addresses for notices."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from eztong.domain.identifiers import HolderId
from eztong.domain.notices import HolderEmail


class EmailRepository(Protocol):
    """One address for each account at most."""

    def put(self, email: HolderEmail) -> bool:
        """Store an address, in the place of one that was not proven; return False where one was, and keep that."""
        ...

    def get(self, holder_id: HolderId) -> HolderEmail | None:
        """Return the account's address, proven or not."""
        ...

    def by_link(self, link_hash: bytes) -> HolderEmail | None:
        """Return the address that a link proves."""
        ...

    def prove(self, holder_id: HolderId, link_hash: bytes, *, now: datetime) -> bool:
        """Note that the address is proven by its link, which then ends; return whether this call did it."""
        ...

    def remove(self, holder_id: HolderId) -> bool:
        """Remove the account's address; return whether there was one."""
        ...
