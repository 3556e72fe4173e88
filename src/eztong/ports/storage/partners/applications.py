"""The repository of what organisations ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.application import ApplicantState, ApplicantStep, PartnerApplication


class PartnerApplicationRepository(Protocol):
    """Applications of organisations, and what was done with them."""

    def add(self, application: PartnerApplication) -> bool:
        """Store it; return False, and store nothing, if one that waits is stored for its partner."""
        ...

    def get(self, application_id: str) -> PartnerApplication | None:
        """Return the application."""
        ...

    def by_receipt(self, receipt_hash: bytes) -> PartnerApplication | None:
        """Return what was handed in at the public door under this receipt."""
        ...

    def of_credit_code(self, credit_code: str, *, limit: int) -> Sequence[PartnerApplication]:
        """Return what was handed in under this credit code, newest first."""
        ...

    def of_partner(self, partner_id: PartnerId) -> Sequence[PartnerApplication]:
        """Return what was asked for this partner, newest first."""
        ...

    def waiting(self, *, limit: int) -> Listed[PartnerApplication]:
        """Return those that wait for a decision or an answer, oldest first."""
        ...

    def list(self, *, limit: int) -> Listed[PartnerApplication]:
        """Return the newest, newest first."""
        ...

    def move(self, application: PartnerApplication, *, expected: ApplicantState) -> bool:
        """Store state, end, document, credit code and contact if the stored state is still ``expected``.

        Returns:
            Whether it was.
        """
        ...

    def close(self, partner_id: PartnerId, *, now: datetime) -> int:
        """Move the partner's approved ones to closed; return how many."""
        ...

    def add_step(self, step: ApplicantStep) -> None:
        """Store a step."""
        ...

    def steps(self, application_id: str) -> Sequence[ApplicantStep]:
        """Return the steps, oldest first."""
        ...
