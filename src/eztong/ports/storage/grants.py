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

    def count_live(self, partner_id: PartnerId, *, now: datetime) -> int:
        """Return how many grants to the partner are live; reads every grant."""
        ...

    def count_known(self, partner_id: PartnerId) -> int:
        """Return how many accounts :meth:`known` finds in all."""
        ...

    def known(self, partner_id: PartnerId, *, after: HolderId, limit: int) -> Sequence[HolderId]:
        """Return accounts with an id above ``after`` that the partner knows, by id: a passed verification or a grant.

        It reads whatever the partner ever asked.
        """
        ...

    def end_at_partner(self, holder_id: HolderId, partner_id: PartnerId, *, now: datetime) -> int:
        """Let every grant of the account to the partner lapse that is not ended; return how many."""
        ...

    def set_switch(self, holder_id: HolderId, partner_id: PartnerId, *, on: bool, now: datetime) -> None:
        """Move the holder's switch for the partner."""
        ...

    def switches(self, holder_id: HolderId) -> Mapping[PartnerId, bool]:
        """Return the switches that the holder ever moved, and whether each is on."""
        ...
