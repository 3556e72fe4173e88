"""Presentation codes and refused tries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, literal_column, or_, select, update
from typing_extensions import override

from eztong.adapters.storage.moments import from_ms, to_ms
from eztong.adapters.storage.repositories.verifications import TOP
from eztong.adapters.storage.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.tables.verifications import code_attempts, codes
from eztong.domain.identifiers import AcceptanceId, CodeId, DeviceId, HolderId, PartnerId, VerificationId
from eztong.domain.presentation_code import Channel, CodeState, PresentationCode
from eztong.ports.records import CodeAttempt
from eztong.ports.repositories import CodeRepository

# Written out, so that the partial index on outstanding codes serves.
_ISSUED: ColumnElement[str] = literal_column("'issued'")
_INSERT = insert_into(codes)
CODE_COLUMNS: Final = (
    codes.c.code_id,
    codes.c.holder_id,
    codes.c.device_id,
    codes.c.acceptance_id,
    codes.c.channel,
    codes.c.state,
    codes.c.issued_at,
    codes.c.expires_at,
    codes.c.verification_id,
)
_SELECT = select(*CODE_COLUMNS)
_BY_HASH = Statement(
    _SELECT.where(or_(codes.c.number_hash == bindparam("digits_hash"), codes.c.qr_hash == bindparam("digits_hash")))
)
_GET = Statement(_SELECT.where(codes.c.code_id == bindparam("code_id")))
_CONSUME = Statement(
    update(codes)
    .where(codes.c.code_id == bindparam("of_code"), codes.c.state == bindparam("issued"))
    .values(state=bindparam("consumed"), ended_at=bindparam("now"), verification_id=bindparam("by"))
)
_END_OF_DEVICE = Statement(
    update(codes)
    .where(
        codes.c.holder_id == bindparam("of_holder"),
        codes.c.device_id == bindparam("of_device"),
        codes.c.state == _ISSUED,
    )
    .values(state=bindparam("ended"), ended_at=bindparam("now"))
)
_END_OF_HOLDER = Statement(
    update(codes)
    .where(codes.c.holder_id == bindparam("of_holder"), codes.c.state == _ISSUED)
    .values(state=bindparam("ended"), ended_at=bindparam("now"))
)
_INSERT_ATTEMPT = insert_into(code_attempts)
_OF_HOLDER = (
    select(code_attempts)
    .where(code_attempts.c.holder_id == bindparam("holder_id"))
    .order_by(code_attempts.c.attempt_id.desc())
)
_ATTEMPTS = Statement(_OF_HOLDER)
_NEWEST_ATTEMPT = Statement(_OF_HOLDER.limit(bindparam("at_most")))
_ATTEMPTS_BEFORE = Statement(
    select(code_attempts)
    .where(
        code_attempts.c.holder_id == bindparam("holder_id"),
        code_attempts.c.attempt_id < bindparam("before"),
    )
    .order_by(code_attempts.c.attempt_id.desc())
    .limit(bindparam("at_most"))
)
_ATTEMPT = select_where(code_attempts, "holder_id", "attempt_id")
_DEVICE_OF = Statement(
    select(codes.c.device_id).where(
        codes.c.holder_id == bindparam("holder_id"), codes.c.code_id == bindparam("code_id")
    )
)


def code_of(row: Row) -> PresentationCode:
    """Return the code of a row that begins with :data:`CODE_COLUMNS`."""
    return PresentationCode(
        code_id=CodeId(row[0]),
        holder_id=HolderId(row[1]),
        device_id=DeviceId(row[2]),
        acceptance_id=AcceptanceId(row[3]),
        channel=Channel(row[4]),
        state=CodeState(row[5]),
        issued_at=from_ms(row[6]),
        expires_at=from_ms(row[7]),
        verification_id=VerificationId(row[8]) if row[8] else None,
    )


def _attempt(row: Row) -> CodeAttempt:
    return CodeAttempt(
        holder_id=HolderId(row[0]),
        attempt_id=row[1],
        code_id=CodeId(row[2]),
        partner_id=PartnerId(row[3]),
        scene=row[4],
        desk=row[5],
        reason=row[6],
        at=from_ms(row[7]),
    )


class SqlCodes(CodeRepository):
    """Codes over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, code: PresentationCode, *, number_hash: bytes, qr_hash: bytes | None) -> None:
        self._db.run(
            _INSERT,
            {
                "number_hash": number_hash,
                "qr_hash": qr_hash,
                "code_id": code.code_id,
                "holder_id": code.holder_id,
                "device_id": code.device_id,
                "acceptance_id": code.acceptance_id,
                "channel": code.channel.value,
                "state": code.state.value,
                "issued_at": to_ms(code.issued_at),
                "expires_at": to_ms(code.expires_at),
                "ended_at": None,
                "verification_id": code.verification_id,
            },
        )

    @override
    def by_hash(self, digits_hash: bytes) -> PresentationCode | None:
        row = self._db.one(_BY_HASH, {"digits_hash": digits_hash})
        return None if row is None else code_of(row)

    @override
    def get(self, code_id: CodeId) -> PresentationCode | None:
        row = self._db.one(_GET, {"code_id": code_id})
        return None if row is None else code_of(row)

    @override
    def consume(self, code_id: CodeId, verification_id: VerificationId, *, now: datetime) -> bool:
        params = {
            "of_code": code_id,
            "issued": CodeState.ISSUED.value,
            "consumed": CodeState.CONSUMED.value,
            "now": to_ms(now),
            "by": verification_id,
        }
        return self._db.run(_CONSUME, params) == 1

    @override
    def end_outstanding(self, holder_id: HolderId, device_id: DeviceId | None, state: CodeState, now: datetime) -> int:
        params = {"of_holder": holder_id, "ended": state.value, "now": to_ms(now)}
        if device_id is None:
            return self._db.run(_END_OF_HOLDER, params)
        return self._db.run(_END_OF_DEVICE, {**params, "of_device": device_id})

    @override
    def add_attempt(self, attempt: CodeAttempt) -> None:
        self._db.run(
            _INSERT_ATTEMPT,
            {
                "holder_id": attempt.holder_id,
                "attempt_id": attempt.attempt_id,
                "code_id": attempt.code_id,
                "partner_id": attempt.partner_id,
                "scene": attempt.scene,
                "desk": attempt.desk,
                "reason": attempt.reason,
                "at": to_ms(attempt.at),
            },
        )

    @override
    def newest_attempt(self, holder_id: HolderId) -> CodeAttempt | None:
        row = self._db.one(_NEWEST_ATTEMPT, {"holder_id": holder_id, "at_most": 1})
        return None if row is None else _attempt(row)

    @override
    def attempts(self, holder_id: HolderId) -> Sequence[CodeAttempt]:
        return [_attempt(row) for row in self._db.all(_ATTEMPTS, {"holder_id": holder_id})]

    @override
    def attempts_before(self, holder_id: HolderId, *, before: str | None, limit: int) -> Sequence[CodeAttempt]:
        params = {"holder_id": holder_id, "before": before or TOP, "at_most": limit}
        return [_attempt(row) for row in self._db.all(_ATTEMPTS_BEFORE, params)]

    @override
    def attempt(self, holder_id: HolderId, attempt_id: str) -> CodeAttempt | None:
        row = self._db.one(_ATTEMPT, {"holder_id": holder_id, "attempt_id": attempt_id})
        return None if row is None else _attempt(row)

    @override
    def device_of(self, holder_id: HolderId, code_id: CodeId) -> DeviceId | None:
        row = self._db.one(_DEVICE_OF, {"holder_id": holder_id, "code_id": code_id})
        return None if row is None else DeviceId(row[0])
