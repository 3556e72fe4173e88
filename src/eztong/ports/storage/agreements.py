"""The port of agreements and acceptances."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.agreements import Acceptance, Agreement, AgreementKind, Allowance, CountingVersions, Signed
from eztong.domain.identifiers import AcceptanceId, BatchId, HolderId, PartnerId


class AgreementRepository(Protocol):
    """Agreement versions and acceptances."""

    def add(self, agreement: Agreement) -> None:
        """Store a version; the same version, kind and language twice is an error."""
        ...

    def in_force(self, kind: AgreementKind, language: str) -> Agreement | None:
        """Return the version in force in a language."""
        ...

    def version(self, kind: AgreementKind, version: str, language: str) -> Agreement | None:
        """Return one version, whatever its state."""
        ...

    def add_acceptance(self, acceptance: Acceptance, *, document: bytes, batch_id: BatchId, leaf_index: int) -> None:
        """Store an acceptance with its evidence document and the document's place in the batch."""
        ...

    def withdraw(self, holder_id: HolderId, acceptance_id: AcceptanceId, *, now: datetime) -> bool:
        """Withdraw by one conditional UPDATE an acceptance that stands; return whether this call did it."""
        ...

    def newest_acceptance(self, holder_id: HolderId, kind: AgreementKind) -> Acceptance | None:
        """Return the account's newest acceptance of a kind."""
        ...

    def versions_that_count(self) -> CountingVersions:
        """Return, for each document, the versions whose acceptance is a consent now."""
        ...

    def signed(self, holder_id: HolderId) -> Sequence[Signed]:
        """Return what the account accepted, newest first, as far as consent asks."""
        ...

    def allowance(self, holder_id: HolderId, partner_id: PartnerId) -> Allowance:
        """Return what the account accepted and its switch for the partner, in one look."""
        ...

    def acceptances(self, holder_id: HolderId) -> Sequence[Acceptance]:
        """Return the account's acceptances, newest first."""
        ...

    def erase_contexts(self, holder_id: HolderId) -> None:
        """Empty the sealed context of the account's acceptances."""
        ...

    def acceptance_leaf(self, holder_id: HolderId, acceptance_id: str) -> tuple[bytes, BatchId, int] | None:
        """Return the evidence document, its batch and its leaf index."""
        ...
