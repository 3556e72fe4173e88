"""The repository of proposals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.operators.proposal import Proposal, ProposalKind


class ProposalRepository(Protocol):
    """Acts that take two operators."""

    def add(self, proposal: Proposal) -> bool:
        """Store an open proposal; return False, and store nothing, if one of its kind and subject is stored as open."""
        ...

    def get(self, proposal_id: str) -> Proposal | None:
        """Return the proposal."""
        ...

    def of_subject(self, kind: ProposalKind, subject: str) -> Sequence[Proposal]:
        """Return the proposals of this kind about ``subject``, newest first."""
        ...

    def list(self, *, before: str | None = None, limit: int) -> Listed[Proposal]:
        """Return the newest proposals, newest first; from behind the one of the id ``before``, if it is given."""
        ...

    def open(self, *, limit: int) -> Listed[Proposal]:
        """Return proposals that nobody ended, what ends first at the top; some may have expired."""
        ...

    def expire(self, kind: ProposalKind, subject: str, *, now: datetime) -> bool:
        """Move the open one of this kind about ``subject`` to expired if its time is over; return whether it was."""
        ...

    def end(self, proposal: Proposal) -> bool:
        """Store state and second step by one conditional UPDATE.

        Returns:
            Whether this call did it: the stored one was open, and its time not over when it was ended.
        """
        ...
