"""The port of agreements and acceptances."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.agreements import (
    Acceptance,
    AcceptanceCount,
    Agreement,
    AgreementKind,
    AgreementState,
    Allowance,
    CountingVersions,
    DocumentKind,
    Signed,
)
from eztong.domain.identifiers import AcceptanceId, BatchId, HolderId, PartnerId


class AgreementRepository(Protocol):
    """Agreement versions and acceptances."""

    def add(self, agreement: Agreement) -> None:
        """Store a version; the same version, kind and language twice is an error."""
        ...

    def in_force(self, kind: DocumentKind, language: str) -> Agreement | None:
        """Return the version in force in a language."""
        ...

    def version(self, kind: DocumentKind, version: str, language: str) -> Agreement | None:
        """Return one version, whatever its state."""
        ...

    def versions(self, kind: DocumentKind, language: str) -> Sequence[Agreement]:
        """Return every version of a document in a language, the newest first, whatever its state."""
        ...

    def standing(self) -> Sequence[Agreement]:
        """Return every text in force, in every language."""
        ...

    def move(self, text: Agreement, state: AgreementState, *, in_force_from: datetime) -> bool:
        """Give every language of a version another state, where it still is the one of ``text``."""
        ...

    def supersede(self, kind: DocumentKind, version: str) -> bool:
        """End that a version is in force, in every language; False if it was not."""
        ...

    def end_grace(self, *, now: datetime) -> bool:
        """Note of every document whose grace is over that it is; return whether there was one."""
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

    def versions_that_will_count(self) -> CountingVersions:
        """Return what will count once every grace that runs now is over."""
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

    def acceptance_counts(self) -> Sequence[AcceptanceCount]:
        """Count accounts by their newest acceptance of each document. Every account is looked at: it takes its time."""
        ...

    def erase_contexts(self, holder_id: HolderId) -> None:
        """Empty the sealed context of the account's acceptances."""
        ...

    def acceptance_leaf(self, holder_id: HolderId, acceptance_id: str) -> tuple[bytes, BatchId, int] | None:
        """Return the evidence document, its batch and its leaf index."""
        ...
