"""Verifications, batches and idempotency records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, union_all
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.verifications import batches, code_attempts, idempotency_keys, verifications
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Method
from eztong.domain.codes.verification import Outcome, Verification
from eztong.domain.evidence.merkle import HASH_BYTES
from eztong.domain.evidence.signed_note import BatchRoot
from eztong.domain.identifiers import BatchId, CodeId, HolderId, PartnerId, RequestId, VerificationId
from eztong.ports.storage.records import IdempotencyRecord
from eztong.ports.storage.repositories import VerificationRepository

# No id sorts above this, so it stands for «from the newest».
TOP = "~"
_INSERT = insert_into(verifications)
_GET = select_where(verifications, "partner_id", "verification_id")
_LIST = Statement(
    select(verifications)
    .where(
        verifications.c.partner_id == bindparam("partner_id"),
        verifications.c.verification_id < bindparam("before"),
    )
    .order_by(verifications.c.verification_id.desc())
    .limit(bindparam("at_most"))
)
_FOR_HOLDER = Statement(
    select(verifications)
    .where(
        verifications.c.holder_id == bindparam("holder_id"),
        verifications.c.verification_id < bindparam("before"),
    )
    .order_by(verifications.c.verification_id.desc())
    .limit(bindparam("at_most"))
)
_ONE_OF_HOLDER = select_where(verifications, "holder_id", "verification_id")
_MEETINGS = union_all(
    select(verifications.c.partner_id, verifications.c.created_at.label("at")).where(
        verifications.c.holder_id == bindparam("holder_id")
    ),
    select(code_attempts.c.partner_id, code_attempts.c.at).where(code_attempts.c.holder_id == bindparam("holder_id")),
).subquery()
_PARTNERS_MET = Statement(select(_MEETINGS.c.partner_id, func.max(_MEETINGS.c.at)).group_by(_MEETINGS.c.partner_id))
_INSERT_BATCH = insert_into(batches)
_NOTE = Statement(select(batches.c.note).where(batches.c.batch_id == bindparam("batch_id")))
_LEAVES = Statement(select(batches.c.leaves).where(batches.c.batch_id == bindparam("batch_id")))
_IDEMPOTENCY = select_where(idempotency_keys, "partner_id", "key_hash")
_INSERT_IDEMPOTENCY = insert_into(idempotency_keys)


def _verification(row: Row) -> Verification:
    return Verification(
        partner_id=PartnerId(row[0]),
        verification_id=VerificationId(row[1]),
        holder_id=HolderId(row[2]) if row[2] else None,
        code_id=CodeId(row[3]) if row[3] else None,
        request_id=RequestId(row[4]) if row[4] else None,
        outcome=Outcome(row[5]),
        reason=row[6],
        scene=row[7],
        desk=row[8],
        method=Method(row[9]),
        claims=tuple(Claim(claim) for claim in row[10].split()),
        created_at=from_ms(row[11]),
        result=row[12],
        sealed_result=row[13],
        batch_id=BatchId(row[14]),
        leaf_index=row[15],
        api_key_id=row[16],
    )


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
    database.run(_INSERT_BATCH, values)


class SqlVerifications(VerificationRepository):
    """Verifications over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, verification: Verification) -> None:
        self._db.run_later(
            _INSERT,
            {
                "partner_id": verification.partner_id,
                "verification_id": verification.verification_id,
                "holder_id": verification.holder_id,
                "code_id": verification.code_id,
                "request_id": verification.request_id,
                "outcome": verification.outcome.value,
                "reason": verification.reason,
                "scene": verification.scene,
                "desk": verification.desk,
                "method": verification.method.value,
                "claims": " ".join(verification.claims),
                "created_at": to_ms(verification.created_at),
                "result": verification.result,
                "sealed_result": verification.sealed_result,
                "batch_id": verification.batch_id,
                "leaf_index": verification.leaf_index,
                "api_key_id": verification.api_key_id,
            },
        )

    @override
    def get(self, partner_id: PartnerId, verification_id: VerificationId) -> Verification | None:
        row = self._db.one(_GET, {"partner_id": partner_id, "verification_id": verification_id})
        return None if row is None else _verification(row)

    @override
    def list(self, partner_id: PartnerId, *, before: str | None, limit: int) -> Sequence[Verification]:
        params = {"partner_id": partner_id, "before": before or TOP, "at_most": limit}
        return [_verification(row) for row in self._db.all(_LIST, params)]

    @override
    def for_holder(self, holder_id: HolderId, *, before: str | None, limit: int) -> Sequence[Verification]:
        params = {"holder_id": holder_id, "before": before or TOP, "at_most": limit}
        return [_verification(row) for row in self._db.all(_FOR_HOLDER, params)]

    @override
    def one_of_holder(self, holder_id: HolderId, verification_id: VerificationId) -> Verification | None:
        row = self._db.one(_ONE_OF_HOLDER, {"holder_id": holder_id, "verification_id": verification_id})
        return None if row is None else _verification(row)

    @override
    def partners_met(self, holder_id: HolderId) -> Mapping[PartnerId, datetime]:
        return {PartnerId(row[0]): from_ms(row[1]) for row in self._db.all(_PARTNERS_MET, {"holder_id": holder_id})}

    @override
    def batch_note(self, batch_id: BatchId) -> str | None:
        row = self._db.one(_NOTE, {"batch_id": batch_id})
        return None if row is None else str(row[0])

    @override
    def batch_leaves(self, batch_id: BatchId) -> Sequence[bytes]:
        row = self._db.one(_LEAVES, {"batch_id": batch_id})
        joined = b"" if row is None else bytes(row[0])
        return [joined[start : start + HASH_BYTES] for start in range(0, len(joined), HASH_BYTES)]

    @override
    def idempotency(self, partner_id: PartnerId, key_hash: bytes) -> IdempotencyRecord | None:
        place = (partner_id, key_hash)
        if place in self._db.known.keys:
            return self._db.known.keys[place]
        row = self._db.one(_IDEMPOTENCY, {"partner_id": partner_id, "key_hash": key_hash})
        return None if row is None else idempotency_of(row)

    @override
    def add_idempotency(self, record: IdempotencyRecord) -> None:
        if self._db.gathers:
            self._db.known.keys[record.partner_id, record.key_hash] = record
        self._db.run_later(
            _INSERT_IDEMPOTENCY,
            {
                "partner_id": record.partner_id,
                "key_hash": record.key_hash,
                "operation": record.operation,
                "body_hash": record.body_hash,
                "resource_id": record.resource_id,
                "created_at": to_ms(record.created_at),
            },
        )
