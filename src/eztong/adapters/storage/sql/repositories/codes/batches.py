"""Signed batches; a round stores them itself."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import to_ms
from eztong.adapters.storage.sql.statements import Database, Statement, insert_into
from eztong.adapters.storage.sql.tables.codes.batches import batches
from eztong.domain.evidence.merkle import HASH_BYTES
from eztong.domain.evidence.signed_note import BatchRoot
from eztong.domain.identifiers import BatchId
from eztong.ports.storage.codes.batches import BatchRepository

_INSERT = insert_into(batches)
_NOTE = Statement(select(batches.c.note).where(batches.c.batch_id == bindparam("batch_id")))
_LEAVES = Statement(select(batches.c.leaves).where(batches.c.batch_id == bindparam("batch_id")))


def add_batch(database: Database, root: BatchRoot, *, note: str, leaves: Sequence[bytes]) -> None:
    """Store a signed batch; the group-committing writer is the only caller."""
    values = {
        "batch_id": root.batch_id,
        "note": note,
        "leaves": b"".join(leaves),
        "created_at": to_ms(root.time),
        "writer": root.place.writer if root.place else None,
        "number": root.place.number if root.place else None,
    }
    database.run(_INSERT, values)


class SqlBatches(BatchRepository):
    """Batches over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def note(self, batch_id: BatchId) -> str | None:
        row = self._db.one(_NOTE, {"batch_id": batch_id})
        return None if row is None else str(row[0])

    @override
    def leaves(self, batch_id: BatchId) -> Sequence[bytes]:
        row = self._db.one(_LEAVES, {"batch_id": batch_id})
        joined = b"" if row is None else bytes(row[0])
        return [joined[start : start + HASH_BYTES] for start in range(0, len(joined), HASH_BYTES)]
