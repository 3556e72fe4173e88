"""Operators over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, null, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.statements import Database, Row, Statement, select_where
from eztong.adapters.storage.sql.tables.operators.operators import operators
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.operator import Operator, OperatorRole, OperatorState
from eztong.ports.storage.operators.operators import OperatorRepository

_OF: Final = operators.c.name == bindparam("of_name")
_ADD_OPERATOR = Statement(insert(operators).on_conflict_do_nothing(), keys=operators.columns.keys())
_OPERATOR = select_where(operators, "name")
_OPERATORS = Statement(select(operators).order_by(operators.c.name))
_SET_TRIES = Statement(
    update(operators)
    .where(_OF, operators.c.wrong_tries == bindparam("expected"))
    .values(wrong_tries=bindparam("new_tries"), locked_until=bindparam("new_lock"))
)
_MOVE = Statement(
    update(operators).where(_OF, operators.c.state == bindparam("seen")).values(state=bindparam("to_state"))
)
_SET_SECRET = Statement(
    update(operators)
    .where(_OF, operators.c.secret_hash == bindparam("seen"))
    .values(secret_hash=bindparam("new_hash"), wrong_tries=bindparam("no_tries"), locked_until=null())
)
_LINK = Statement(
    update(operators)
    .where(_OF, operators.c.holder_id.is_not_distinct_from(bindparam("seen")))
    .values(holder_id=bindparam("new_holder"))
)


class SqlOperators(OperatorRepository):
    """Operators over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, operator: Operator) -> bool:
        row = {
            "name": operator.name,
            "roles": " ".join(sorted(operator.roles)),
            "state": operator.state.value,
            "secret_hash": operator.secret_hash,
            "created_at": to_ms(operator.created_at),
            "added_by": operator.added_by,
            "holder_id": operator.holder_id,
            "wrong_tries": operator.wrong_tries,
            "locked_until": to_ms_or_none(operator.locked_until),
        }
        return self._db.run(_ADD_OPERATOR, row) == 1

    @override
    def get(self, name: str) -> Operator | None:
        row = self._db.one(_OPERATOR, {"name": name})
        return None if row is None else _operator(row)

    @override
    def list(self) -> Sequence[Operator]:
        return [_operator(row) for row in self._db.all(_OPERATORS, {})]

    @override
    def set_tries(self, operator: Operator, *, expected: int) -> bool:
        params = {
            "of_name": operator.name,
            "expected": expected,
            "new_tries": operator.wrong_tries,
            "new_lock": to_ms_or_none(operator.locked_until),
        }
        return self._db.run(_SET_TRIES, params) == 1

    @override
    def move(self, name: str, state: OperatorState, *, seen: OperatorState) -> bool:
        return self._db.run(_MOVE, {"of_name": name, "seen": seen.value, "to_state": state.value}) == 1

    @override
    def set_secret(self, name: str, secret_hash: str, *, seen: str) -> bool:
        params = {"of_name": name, "seen": seen, "new_hash": secret_hash, "no_tries": 0}
        return self._db.run(_SET_SECRET, params) == 1

    @override
    def link(self, name: str, holder_id: HolderId | None, *, seen: HolderId | None) -> bool:
        return self._db.run(_LINK, {"of_name": name, "seen": seen, "new_holder": holder_id}) == 1


def _operator(row: Row) -> Operator:
    return Operator(
        name=row[0],
        roles=frozenset(OperatorRole(role) for role in row[1].split()),
        state=OperatorState(row[2]),
        secret_hash=row[3],
        created_at=from_ms(row[4]),
        added_by=row[5],
        holder_id=HolderId(row[6]) if row[6] else None,
        wrong_tries=row[7],
        locked_until=from_ms_or_none(row[8]),
    )
