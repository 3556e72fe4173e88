"""Presentation codes and refused tries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import by_value, reads
from eztong.adapters.storage.sql.statements import TOP, Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.codes.codes import code_attempts, codes, replay_warnings
from eztong.domain.codes.presentation_code import Channel, CodeState, PresentationCode
from eztong.domain.codes.refused_try import CodeAttempt
from eztong.domain.identifiers import AcceptanceId, BatchId, CodeId, DeviceId, HolderId, PartnerId, VerificationId
from eztong.gm.sm3 import sm3
from eztong.ports.storage.codes.codes import AttestedTry, CodeRepository, ReplayWarning

_ISSUED: ColumnElement[str] = bindparam("issued")
_IS_ISSUED, _IS_CONSUMED = CodeState.ISSUED.value, CodeState.CONSUMED.value
_CHANNELS, _STATES = by_value(Channel), by_value(CodeState)
_INSERT = insert_into(codes)
_NO_CODE: Final = CodeId("")
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
    codes.c.asking_hash,
)
_SELECT = select(*CODE_COLUMNS)
_BY_HASH = Statement(
    _SELECT.where(or_(codes.c.number_hash == bindparam("digits_hash"), codes.c.qr_hash == bindparam("digits_hash")))
)
_GET = Statement(_SELECT.where(codes.c.code_id == bindparam("code_id")))
_CONSUME = Statement(
    update(codes)
    .where(codes.c.code_id == bindparam("of_code"), codes.c.state == bindparam("issued"))
    .values(
        state=bindparam("consumed"),
        ended_at=bindparam("now"),
        verification_id=bindparam("by"),
        asking_hash=bindparam("asked"),
    )
)
_SETTLE_CANCELLED = Statement(
    update(codes)
    .where(
        codes.c.code_id == bindparam("of_code"),
        codes.c.state == bindparam("cancelled"),
        codes.c.verification_id.is_(None),
    )
    .values(verification_id=bindparam("by"), asking_hash=bindparam("asked"))
)
_MARK_REPLAYED = Statement(
    update(codes)
    .where(codes.c.code_id == bindparam("of_code"), codes.c.replayed_at.is_(None))
    .values(replayed_at=bindparam("now"))
)
# ON CONFLICT is written alike by SQLite and PostgreSQL, and this construct compiles for both.
_INTO_WARNINGS = insert(replay_warnings)
_TAKE_WARNING = Statement(
    _INTO_WARNINGS.on_conflict_do_update(
        index_elements=[replay_warnings.c.holder_id, replay_warnings.c.place],
        set_={"warned_at": _INTO_WARNINGS.excluded.warned_at},
        where=replay_warnings.c.warned_at <= bindparam("unless_since"),
    ),
    keys=replay_warnings.columns.keys(),
)
_WARNINGS = Statement(
    select(replay_warnings)
    .where(replay_warnings.c.holder_id == bindparam("holder_id"))
    .order_by(replay_warnings.c.place)
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
_INSERT_ATTEMPT = Statement(
    insert(code_attempts).on_conflict_do_nothing(index_elements=[code_attempts.c.holder_id, code_attempts.c.try_hash]),
    keys=code_attempts.columns.keys(),
)
_ATTEST_ATTEMPT = Statement(
    update(code_attempts)
    .where(
        code_attempts.c.holder_id == bindparam("of_holder"),
        code_attempts.c.attempt_id == bindparam("of_attempt"),
        code_attempts.c.document.is_(None),
    )
    .values(
        salt=bindparam("new_salt"),
        document=bindparam("new_document"),
        batch_id=bindparam("in_batch"),
        leaf_index=bindparam("at_leaf"),
    )
)
_ATTESTED = Statement(
    select(code_attempts.c.document, code_attempts.c.salt, code_attempts.c.batch_id, code_attempts.c.leaf_index).where(
        code_attempts.c.holder_id == bindparam("holder_id"),
        code_attempts.c.attempt_id == bindparam("attempt_id"),
        code_attempts.c.document.is_not(None),
    )
)
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


@reads(codes)
def code_of(row: Row) -> PresentationCode:
    """Return the code of a row that begins with :data:`CODE_COLUMNS`."""
    return PresentationCode(
        code_id=CodeId(row[0]),
        holder_id=HolderId(row[1]),
        device_id=DeviceId(row[2]),
        acceptance_id=AcceptanceId(row[3]),
        channel=_CHANNELS[row[4]],
        state=_STATES[row[5]],
        issued_at=from_ms(row[6]),
        expires_at=from_ms(row[7]),
        verification_id=VerificationId(row[8]) if row[8] else None,
        asking_hash=row[9],
    )


@reads(code_attempts)
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


def _hash_try(attempt: CodeAttempt) -> bytes:
    # A unique index over the columns would let tries without a desk be stored again: NULL equals nothing.
    desk = "-" if attempt.desk is None else f"={attempt.desk}"
    return sm3(f"{attempt.code_id}\n{attempt.partner_id}\n{attempt.scene}\n{desk}\n{attempt.reason}".encode())


@reads(replay_warnings)
def _warning(row: Row) -> ReplayWarning:
    return ReplayWarning(holder_id=HolderId(row[0]), place=row[1], warned_at=from_ms(row[2]))


class SqlCodes(CodeRepository):
    """Codes over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, code: PresentationCode, *, number_hash: bytes, qr_hash: bytes | None) -> None:
        row = {
            "code_id": code.code_id,
            "number_hash": number_hash,
            "qr_hash": qr_hash,
            "holder_id": code.holder_id,
            "device_id": code.device_id,
            "acceptance_id": code.acceptance_id,
            "channel": code.channel.value,
            "state": code.state.value,
            "issued_at": to_ms(code.issued_at),
            "expires_at": to_ms(code.expires_at),
            "ended_at": None,
            "verification_id": code.verification_id,
            "asking_hash": code.asking_hash,
            "replayed_at": None,
        }
        self._db.run(_INSERT, row | {"tag": self._db.tag_of("codes", row)})

    @override
    def by_hash(self, digits_hash: bytes) -> PresentationCode | None:
        known = self._db.known
        code = known.codes.get(known.handles.get(digits_hash, _NO_CODE))
        if code is not None:
            return code
        row = self._db.one(_BY_HASH, {"digits_hash": digits_hash})
        return None if row is None else code_of(row)

    @override
    def get(self, code_id: CodeId) -> PresentationCode | None:
        row = self._db.one(_GET, {"code_id": code_id})
        return None if row is None else code_of(row)

    @override
    def consume(self, code_id: CodeId, verification_id: VerificationId, *, asking_hash: bytes, now: datetime) -> bool:
        params = {
            "of_code": code_id,
            "issued": _IS_ISSUED,
            "consumed": _IS_CONSUMED,
            "now": to_ms(now),
            "by": verification_id,
            "asked": asking_hash,
        }
        known = self._db.known.codes
        code = known.get(code_id)
        if code is None:
            return self._db.run(_CONSUME, params) == 1
        if code.state is not CodeState.ISSUED:
            return False
        self._db.run_later(_CONSUME, params)
        # Whoever tries it again in this round, which is rare, reads what became of it.
        del known[code_id]
        return True

    @override
    def settle_cancelled(self, code_id: CodeId, verification_id: VerificationId, *, asking_hash: bytes) -> bool:
        params = {
            "of_code": code_id,
            "cancelled": CodeState.CANCELLED.value,
            "by": verification_id,
            "asked": asking_hash,
        }
        return self._db.run(_SETTLE_CANCELLED, params) == 1

    @override
    def mark_replayed(self, code_id: CodeId, *, now: datetime) -> bool:
        return self._db.run(_MARK_REPLAYED, {"of_code": code_id, "now": to_ms(now)}) == 1

    @override
    def take_warning(self, holder_id: HolderId, place: int, *, now: datetime, unless_since: datetime) -> bool:
        params = {
            "holder_id": holder_id,
            "place": place,
            "warned_at": to_ms(now),
            "unless_since": to_ms(unless_since),
        }
        return self._db.run(_TAKE_WARNING, params) == 1

    @override
    def warnings(self, holder_id: HolderId) -> Sequence[ReplayWarning]:
        rows = self._db.all(_WARNINGS, {"holder_id": holder_id})
        return [_warning(row) for row in rows]

    @override
    def end_outstanding(self, holder_id: HolderId, device_id: DeviceId | None, state: CodeState, now: datetime) -> int:
        params = {
            "of_holder": holder_id,
            "issued": CodeState.ISSUED.value,
            "ended": state.value,
            "now": to_ms(now),
        }
        if device_id is None:
            return self._db.run(_END_OF_HOLDER, params)
        return self._db.run(_END_OF_DEVICE, {**params, "of_device": device_id})

    @override
    def add_attempt(self, attempt: CodeAttempt) -> bool:
        added = self._db.run(
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
                "try_hash": _hash_try(attempt),
                "salt": None,
                "document": None,
                "batch_id": None,
                "leaf_index": None,
            },
        )
        return added == 1

    @override
    def attest_attempt(self, holder_id: HolderId, attempt_id: str, attested: AttestedTry) -> bool:
        params = {
            "of_holder": holder_id,
            "of_attempt": attempt_id,
            "new_salt": attested.salt,
            "new_document": attested.document,
            "in_batch": attested.batch_id,
            "at_leaf": attested.leaf_index,
        }
        return self._db.run(_ATTEST_ATTEMPT, params) == 1

    @override
    def attested_attempt(self, holder_id: HolderId, attempt_id: str) -> AttestedTry | None:
        row = self._db.one(_ATTESTED, {"holder_id": holder_id, "attempt_id": attempt_id})
        if row is None:
            return None
        return AttestedTry(document=row[0], salt=row[1], batch_id=BatchId(row[2]), leaf_index=row[3])

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
