"""The repository of what holders chose to be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import FreezeLink, NoticeChoices, UntoldUse


class ChoiceRepository(Protocol):
    """Choices by account, and the links in what follows from them."""

    def get(self, holder_id: HolderId) -> NoticeChoices | None:
        """Return what the account's holder chose; None: nothing yet."""
        ...

    def set_per_use(self, holder_id: HolderId, *, is_on: bool, told_until: str, now: datetime) -> None:
        """Note whether each use is told: what comes after ``told_until``."""
        ...

    def set_promotions(self, holder_id: HolderId, *, is_on: bool, now: datetime) -> None:
        """Note whether promotional notices may come."""
        ...

    def untold(self, *, before: datetime, limit: int) -> Listed[UntoldUse]:
        """Return uses of before a moment that their holders chose to be told and were not yet, oldest first."""
        ...

    def mark_told(self, use: UntoldUse) -> bool:
        """Note that a use is told; return whether this call did it, and its holder still wants it."""
        ...

    def add_link(self, link: FreezeLink) -> None:
        """Store a link."""
        ...

    def link(self, link_hash: bytes) -> FreezeLink | None:
        """Return a link."""
        ...

    def links(self, holder_id: HolderId) -> Sequence[FreezeLink]:
        """Return the account's links, oldest first."""
        ...

    def use_link(self, link_hash: bytes, *, now: datetime) -> bool:
        """Note that a link was used; return whether this call did it."""
        ...

    def end_links(self, holder_id: HolderId, *, now: datetime) -> None:
        """Note of every link of the account that it is over, as if it was used."""
        ...
