"""Operators over SQL."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, null, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, select_where
from eztong.adapters.storage.sql.tables.operators.operators import operators
from eztong.domain.damage import Listed
from eztong.domain.operators.operator import Operator, OperatorRole, OperatorState
from eztong.ports.storage.operators.operators import OperatorRepository

_OF: Final = operators.c.name == bindparam("of_name")
_ADD_OPERATOR = Statement(insert(operators).on_conflict_do_nothing(), keys=operators.columns.keys())
_OPERATOR = select_where(operators, "name")
_OPERATORS = Statement(select(*as_bytes(operators.columns)).order_by(operators.c.name))
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
    .values(
        secret_hash=bindparam("new_hash"),
        wrong_tries=bindparam("no_tries"),
        locked_until=null(),
        secret_known_to=bindparam("now_known_to"),
        secret_at=bindparam("now_at"),
        given_counts_until=bindparam("now_until"),
    )
)
_LINK = Statement(
    update(operators)
    .where(_OF, operators.c.persons.is_not_distinct_from(bindparam("seen")))
    .values(persons=bindparam("now_persons"))
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
            "wrong_tries": operator.wrong_tries,
            "locked_until": to_ms_or_none(operator.locked_until),
            "persons": _persons(operator.persons),
            "secret_known_to": _names(operator.secret_known_to),
            "secret_at": to_ms_or_none(operator.secret_at),
            "given_counts_until": to_ms_or_none(operator.given_counts_until),
        }
        return self._db.run(_ADD_OPERATOR, row) == 1

    @override
    def get(self, name: str) -> Operator | None:
        row = self._db.one(_OPERATOR, {"name": name})
        return None if row is None else _operator(row)

    @override
    def list(self) -> Listed[Operator]:
        return listed(_operator, operators, self._db.all(_OPERATORS, {}))

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
    def set_secret(self, operator: Operator, *, seen: str) -> bool:
        params = {
            "of_name": operator.name,
            "seen": seen,
            "new_hash": operator.secret_hash,
            "no_tries": 0,
            "now_known_to": _names(operator.secret_known_to),
            "now_at": to_ms_or_none(operator.secret_at),
            "now_until": to_ms_or_none(operator.given_counts_until),
        }
        return self._db.run(_SET_SECRET, params) == 1

    @override
    def link(self, operator: Operator, *, seen: frozenset[bytes]) -> bool:
        params = {"of_name": operator.name, "seen": _persons(seen), "now_persons": _persons(operator.persons)}
        return self._db.run(_LINK, params) == 1


@reads(operators)
def _operator(row: Row) -> Operator:
    return Operator(
        name=row[0],
        roles=frozenset(OperatorRole(role) for role in row[1].split()),
        state=OperatorState(row[2]),
        secret_hash=row[3],
        created_at=from_ms(row[4]),
        added_by=row[5],
        wrong_tries=row[6],
        locked_until=from_ms_or_none(row[7]),
        persons=frozenset(bytes.fromhex(one) for one in (row[8] or "").split()),
        secret_known_to=frozenset((row[9] or "").split()),
        secret_at=from_ms_or_none(row[10]),
        given_counts_until=from_ms_or_none(row[11]),
    )


def _persons(indexes: frozenset[bytes]) -> str | None:
    return _names(frozenset(one.hex() for one in indexes))


def _names(several: frozenset[str]) -> str | None:
    return " ".join(sorted(several)) or None
