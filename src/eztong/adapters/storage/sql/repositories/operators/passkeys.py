"""Operators' passkeys and backup codes over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.operators.passkeys import operator_backup_codes, operator_passkeys
from eztong.domain.operators.backup_code import BackupCode
from eztong.domain.operators.passkey import OperatorPasskey
from eztong.ports.storage.operators.passkeys import OperatorPasskeyRepository

_P: Final = operator_passkeys.c
_C: Final = operator_backup_codes.c
_STAYS: Final = _P.removed_at.is_(None)
_OF: Final = _P.operator == bindparam("of_operator")
_ADD = Statement(insert(operator_passkeys).on_conflict_do_nothing(), keys=operator_passkeys.columns.keys())
_GET = select_where(operator_passkeys, "credential_id")
_OF_OPERATOR = Statement(select(operator_passkeys).where(_OF, _STAYS).order_by(_P.created_at.desc(), _P.credential_id))
_CREDENTIALS = Statement(
    select(_P.credential_id).where(_STAYS).order_by(_P.created_at.desc()).limit(bindparam("at_most"))
)
_NOTE_USE = Statement(
    update(operator_passkeys)
    .where(_P.credential_id == bindparam("of_credential"), _P.sign_count == bindparam("seen"), _STAYS)
    .values(sign_count=bindparam("now_count"), last_used_at=bindparam("now_at"))
)
_REMOVE = Statement(
    update(operator_passkeys)
    .where(_OF, _P.credential_id == bindparam("of_credential"), _STAYS)
    .values(removed_at=bindparam("now_at"))
)
_REMOVE_ALL = Statement(update(operator_passkeys).where(_OF, _STAYS).values(removed_at=bindparam("now_at")))
_ADD_CODE = insert_into(operator_backup_codes)
_END_CODES = Statement(delete(operator_backup_codes).where(_C.operator == bindparam("of_operator")))
_USE_CODE = Statement(
    update(operator_backup_codes)
    .where(_C.operator == bindparam("of_operator"), _C.code_hash == bindparam("of_code"), _C.used_at.is_(None))
    .values(used_at=bindparam("now_at"))
)
_CODES = Statement(select(operator_backup_codes).where(_C.operator == bindparam("of_operator")).order_by(_C.code_hash))


class SqlOperatorPasskeys(OperatorPasskeyRepository):
    """Operators' passkeys and backup codes over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, passkey: OperatorPasskey) -> bool:
        row = {
            "credential_id": passkey.credential_id,
            "operator": passkey.operator,
            "public_key": passkey.public_key,
            "sign_count": passkey.sign_count,
            "label": passkey.label,
            "created_at": to_ms(passkey.created_at),
            "last_used_at": to_ms_or_none(passkey.last_used_at),
            "removed_at": to_ms_or_none(passkey.removed_at),
        }
        return self._db.run(_ADD, row) == 1

    @override
    def get(self, credential_id: bytes) -> OperatorPasskey | None:
        row = self._db.one(_GET, {"credential_id": credential_id})
        return None if row is None else _passkey(row)

    @override
    def of_operator(self, operator: str) -> Sequence[OperatorPasskey]:
        return [_passkey(row) for row in self._db.all(_OF_OPERATOR, {"of_operator": operator})]

    @override
    def credentials(self, *, limit: int) -> Sequence[bytes]:
        return [row[0] for row in self._db.all(_CREDENTIALS, {"at_most": limit})]

    @override
    def note_use(self, passkey: OperatorPasskey, *, sign_count: int, now: datetime) -> bool:
        seen = {"of_credential": passkey.credential_id, "seen": passkey.sign_count}
        return self._db.run(_NOTE_USE, {**seen, "now_count": sign_count, "now_at": to_ms(now)}) == 1

    @override
    def remove(self, operator: str, credential_id: bytes, *, now: datetime) -> bool:
        named = {"of_operator": operator, "of_credential": credential_id}
        return self._db.run(_REMOVE, {**named, "now_at": to_ms(now)}) == 1

    @override
    def remove_all(self, operator: str, *, now: datetime) -> int:
        return self._db.run(_REMOVE_ALL, {"of_operator": operator, "now_at": to_ms(now)})

    @override
    def set_codes(self, operator: str, codes: Sequence[BackupCode]) -> None:
        self._db.run(_END_CODES, {"of_operator": operator})
        for code in codes:
            row = {"operator": operator, "code_hash": code.code_hash, "created_at": to_ms(code.created_at)}
            self._db.run(_ADD_CODE, {**row, "used_at": to_ms_or_none(code.used_at)})

    @override
    def use_code(self, operator: str, code_hash: bytes, *, now: datetime) -> bool:
        return self._db.run(_USE_CODE, {"of_operator": operator, "of_code": code_hash, "now_at": to_ms(now)}) == 1

    @override
    def codes(self, operator: str) -> Sequence[BackupCode]:
        return [_code(row) for row in self._db.all(_CODES, {"of_operator": operator})]


@reads(operator_passkeys)
def _passkey(row: Row) -> OperatorPasskey:
    return OperatorPasskey(
        credential_id=row[0],
        operator=row[1],
        public_key=row[2],
        sign_count=row[3],
        label=row[4],
        created_at=from_ms(row[5]),
        last_used_at=from_ms_or_none(row[6]),
        removed_at=from_ms_or_none(row[7]),
    )


@reads(operator_backup_codes)
def _code(row: Row) -> BackupCode:
    return BackupCode(operator=row[0], code_hash=row[1], created_at=from_ms(row[2]), used_at=from_ms_or_none(row[3]))
