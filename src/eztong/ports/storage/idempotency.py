"""The port of idempotency keys."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec

from eztong.domain.identifiers import PartnerId


class IdempotencyRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The first use of an idempotency key. Both hashes are SM3; ``resource_id`` is what was made."""

    partner_id: PartnerId
    key_hash: bytes
    operation: str
    body_hash: bytes
    resource_id: str
    created_at: datetime


class IdempotencyRepository(Protocol):
    """First uses of idempotency keys."""

    def add(self, record: IdempotencyRecord) -> None:
        """Store the first use of an idempotency key; a second one is an error."""
        ...

    def get(self, partner_id: PartnerId, key_hash: bytes) -> IdempotencyRecord | None:
        """Return the first use of an idempotency key."""
        ...
