"""The repository of disputes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.disputes.dispute import Dispute
from eztong.domain.identifiers import HolderId


class DisputeRepository(Protocol):
    """Records for which holders asked for help."""

    def add(self, dispute: Dispute) -> bool:
        """Store a dispute; return False, and store nothing, if the account has one about the record."""
        ...

    def about(self, holder_id: HolderId, record_id: str) -> Dispute | None:
        """Return the account's dispute about a record."""
        ...

    def list(self, holder_id: HolderId) -> Sequence[Dispute]:
        """Return the account's disputes, in the order of their records' ids."""
        ...
