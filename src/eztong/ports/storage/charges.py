"""The repository of charges: the ledger that reconciliation reads."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.companions import Charge
from eztong.domain.damage import Listed
from eztong.domain.identifiers import PartnerId


class ChargeRepository(Protocol):
    """Questions that partners asked without a holder's act, and whether they are billed."""

    def add(self, charge: Charge) -> None:
        """Store a new charge."""
        ...

    def settle(self, charge: Charge) -> None:
        """Store what came of the question."""
        ...

    def count(self, partner_id: PartnerId, day: str, subject: bytes) -> int:
        """Return how often the partner asked about the subject on that day; what no source answered does not count."""
        ...

    def of_day(self, partner_id: PartnerId, day: str, *, skip: int, limit: int) -> Listed[Charge]:
        """Return the partner's charges of a Shanghai day in order of time, after the first ``skip``."""
        ...
