"""The port of signed batches; a round writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.identifiers import BatchId


class BatchRepository(Protocol):
    """Signed batches and their leaves."""

    def note(self, batch_id: BatchId) -> str | None:
        """Return the batch's signed note."""
        ...

    def leaves(self, batch_id: BatchId) -> Sequence[bytes]:
        """Return the batch's leaf hashes in order."""
        ...
