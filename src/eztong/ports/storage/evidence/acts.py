"""The repository of attested acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.evidence.attested_act import AttestedAct
from eztong.domain.identifiers import BatchId, HolderId


class ActRepository(Protocol):
    """Acts whose documents are leaves. Nothing is ever changed in them."""

    def add(self, attested: AttestedAct, *, document: bytes, batch_id: BatchId, leaf_index: int) -> None:
        """Store an act with its document and the document's place."""
        ...

    def of_subject(self, subject: str) -> Sequence[AttestedAct]:
        """Return what was done to ``subject``, oldest first."""
        ...

    def of_holder(self, holder_id: HolderId) -> Sequence[AttestedAct]:
        """Return what concerns the account, oldest first."""
        ...

    def leaf(self, holder_id: HolderId, act_id: str) -> tuple[bytes, BatchId, int] | None:
        """Return the evidence document, its batch and its leaf index; None: no such act concerns this account."""
        ...

    def leaves(self, subject: str) -> Sequence[tuple[bytes, BatchId, int]]:
        """Return the documents of what was done to ``subject`` with batch and leaf index, oldest first."""
        ...
