"""Disputes and bundles as they are stored (clause 2.15): whom the service helps, and what it handed to whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from eztong.domain.errors import InputInvalid
from eztong.domain.identifiers import BatchId, HolderId, PartnerId


class Party(StrEnum):
    """Whose side a bundle shows."""

    HOLDER = "holder"
    """What was asked of, shown by, granted by and answered about the holder."""
    PARTNER = "partner"
    """What the partner was told, and nothing else."""
    AUTHORITY = "authority"
    """A court's or the police's: the holder's side of one record, on a legal basis and by two operators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A holder asked for help about a record; the ticket says where it stands."""

    holder_id: HolderId
    record_id: str
    ticket_id: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleKey:
    """One side of one record. Its partner is part of it, so that no partner finds another one's."""

    record_id: str
    party: Party
    partner_id: PartnerId


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What was made as evidence: its signed manifest. The parts are kept where they are, and put together again.

    ``asked_by`` is the partner's API key, or the logins of the two operators.
    """

    bundle_id: str
    record_id: str
    party: Party
    holder_id: HolderId | None
    partner_id: PartnerId
    asked_by: str | None
    contents_hash: bytes
    document: bytes
    batch_id: BatchId
    leaf_index: int
    created_at: datetime
    downloaded_at: datetime | None = None
    salt: bytes = field(repr=False)
    sealed_basis: bytes | None = field(default=None, repr=False)

    @property
    def key(self) -> BundleKey:
        """Which side of which record it is."""
        return BundleKey(record_id=self.record_id, party=self.party, partner_id=self.partner_id)


class LegalBasisMissing(InputInvalid):
    """An authority's request without the number of its document, or without the law that it names."""

    code = "legal_basis_missing"
    advice = "Give the number of the authority's document and the law that it is founded on, as they stand in it."


MAX_BASIS = 200
"""Characters of a document's number, and of a legal basis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalRequest:
    """A court's or the police's request: what it is founded on, and which two operators answer it, each proven."""

    document_number: str = field(repr=False)
    legal_basis: str = field(repr=False)
    operator: str
    approved_by: str

    @property
    def operators(self) -> str:
        """Both names as they are kept."""
        return f"{self.operator} {self.approved_by}"

    def check(self) -> None:
        """Refuse a request that nothing is founded on, or that one operator answers alone.

        Raises:
            LegalBasisMissing: number or basis is empty or too long.
        """
        for text in (self.document_number, self.legal_basis):
            if not text.strip() or len(text) > MAX_BASIS:
                raise LegalBasisMissing
