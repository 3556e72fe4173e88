"""The port of grants and of holders' switches for partners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.grants import Grant
from eztong.domain.identifiers import GrantId, HolderId, PartnerId


class GrantRepository(Protocol):
    """What a holder allows partners: grants, and a switch for each partner."""

    def add(self, grant: Grant) -> None:
        """Store a grant."""
        ...

    def list(self, holder_id: HolderId, partner_id: PartnerId, scene: str) -> Sequence[Grant]:
        """Return every grant of the holder to the partner in the scene, live or not."""
        ...

    def end_all(self, holder_id: HolderId, *, now: datetime) -> int:
        """Withdraw every live grant of the account; return how many."""
        ...

    def end_newer(self, holder_id: HolderId, *, than: datetime, now: datetime) -> int:
        """Withdraw every live grant of the account that was given later, unread; return how many."""
        ...

    def of_holder(self, holder_id: HolderId) -> Sequence[Grant]:
        """Return every grant of the account, newest first."""
        ...

    def withdraw(self, holder_id: HolderId, grant_id: GrantId, *, now: datetime) -> bool:
        """Withdraw by one conditional UPDATE on ``granted`` and not lapsed; return whether this call did it."""
        ...

    def set_switch(self, holder_id: HolderId, partner_id: PartnerId, *, on: bool, now: datetime) -> None:
        """Move the holder's switch for the partner."""
        ...

    def switches(self, holder_id: HolderId) -> Mapping[PartnerId, bool]:
        """Return the switches that the holder ever moved, and whether each is on."""
        ...
