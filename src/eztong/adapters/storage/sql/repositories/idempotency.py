"""First uses of idempotency keys."""

from __future__ import annotations

from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, insert_into, select_where
from eztong.adapters.storage.sql.tables.idempotency import idempotency_keys
from eztong.domain.identifiers import PartnerId
from eztong.ports.storage.idempotency import IdempotencyRecord, IdempotencyRepository

_GET = select_where(idempotency_keys, "partner_id", "key_hash")
_INSERT = insert_into(idempotency_keys)


@reads(idempotency_keys)
def idempotency_of(row: Row) -> IdempotencyRecord:
    """Return the record of a row of the table."""
    return IdempotencyRecord(
        partner_id=PartnerId(row[0]),
        key_hash=row[1],
        operation=row[2],
        body_hash=row[3],
        resource_id=row[4],
        created_at=from_ms(row[5]),
    )


class SqlIdempotency(IdempotencyRepository):
    """Idempotency keys over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def get(self, partner_id: PartnerId, key_hash: bytes) -> IdempotencyRecord | None:
        place = (partner_id, key_hash)
        if place in self._db.known.keys:
            return self._db.known.keys[place]
        row = self._db.one(_GET, {"partner_id": partner_id, "key_hash": key_hash})
        return None if row is None else idempotency_of(row)

    @override
    def add(self, record: IdempotencyRecord) -> None:
        if self._db.gathers:
            self._db.known.keys[record.partner_id, record.key_hash] = record
        self._db.run_later(
            _INSERT,
            {
                "partner_id": record.partner_id,
                "key_hash": record.key_hash,
                "operation": record.operation,
                "body_hash": record.body_hash,
                "resource_id": record.resource_id,
                "created_at": to_ms(record.created_at),
            },
        )
