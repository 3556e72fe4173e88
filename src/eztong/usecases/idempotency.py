"""Idempotency keys: same key and body, same answer; same key and other body, conflict."""

from __future__ import annotations

import msgspec

from eztong.domain.errors import IdempotencyConflict
from eztong.domain.identifiers import PartnerId
from eztong.gm.sm3 import sm3
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.idempotency import IdempotencyRecord
from eztong.ports.storage.repositories import Repositories


class IdempotencyKey(msgspec.Struct, frozen=True, kw_only=True):
    """The key and body of one partner write, hashed."""

    key_hash: bytes
    body_hash: bytes
    operation: str


def idempotency_key(key: str, *, body: bytes, operation: str, keys: Keys) -> IdempotencyKey:
    """Hash the key with its operation, and the body as it was sent, keyed because it holds a code."""
    return IdempotencyKey(
        key_hash=sm3(f"{operation}\x00{key}".encode()),
        body_hash=keys.mac(MacPurpose.LOOKUP, b"body\x00" + body),
        operation=operation,
    )


def find_earlier(key: IdempotencyKey | None, *, partner_id: PartnerId, stored: Repositories) -> str | None:
    """Return what the key made before, if it was used.

    Raises:
        IdempotencyConflict: it was used with another body.
    """
    if key is None:
        return None
    record = stored.idempotency.get(partner_id, key.key_hash)
    if record is None:
        return None
    if record.body_hash != key.body_hash:
        raise IdempotencyConflict
    return record.resource_id


def remember(act: Act, key: IdempotencyKey | None, *, partner_id: PartnerId, resource_id: str) -> None:
    """Record what the key made, in the same transaction."""
    if key is not None:
        act.uow.idempotency.add(
            IdempotencyRecord(
                partner_id=partner_id,
                key_hash=key.key_hash,
                operation=key.operation,
                body_hash=key.body_hash,
                resource_id=resource_id,
                created_at=act.now,
            )
        )
