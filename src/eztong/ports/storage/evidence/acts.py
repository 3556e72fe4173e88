"""The port of attested acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.evidence.acts import AttestedAct
from eztong.domain.identifiers import BatchId, HolderId


class ActRepository(Protocol):
    """Acts on accounts that were made leaves of a batch; never changed."""

    def add(self, act: AttestedAct, *, document: bytes, batch_id: BatchId, leaf_index: int) -> None:
        """Store an act with its evidence document and the document's place in the batch."""
        ...

    def of_holder(self, holder_id: HolderId) -> Sequence[AttestedAct]:
        """Return the acts on an account, newest first."""
        ...

    def leaf(self, holder_id: HolderId, act_id: str) -> tuple[bytes, BatchId, int] | None:
        """Return the evidence document, its batch and its leaf index; None: no such act on this account."""
        ...
