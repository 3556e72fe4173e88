"""Operators over SQL."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import bindparam, literal_column, null, or_, select, update
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
        invite_hash=null(),
        invite_until=null(),
    )
)
_SET_UP = Statement(
    update(operators)
    .where(_OF, operators.c.secret_hash == bindparam("seen"), operators.c.state == literal_column("'active'"))
    .values(
        secret_hash=bindparam("new_hash"),
        wrong_tries=bindparam("no_tries"),
        locked_until=null(),
        secret_known_to=bindparam("now_known_to"),
        secret_at=bindparam("now_at"),
        given_counts_until=bindparam("now_until"),
        second_factor=bindparam("new_factor"),
        used_step=bindparam("new_step"),
        invite_hash=null(),
        invite_until=null(),
    )
)
_INVITE = Statement(
    update(operators)
    .where(_OF, operators.c.state == literal_column("'active'"))
    .values(invite_hash=bindparam("new_invite"), invite_until=bindparam("new_until"))
)
_USE_STEP = Statement(
    update(operators)
    .where(_OF, or_(operators.c.used_step.is_(None), operators.c.used_step < bindparam("step")))
    .values(used_step=bindparam("new_step"))
)
_SET_ROLES = Statement(
    update(operators).where(_OF, operators.c.roles == bindparam("seen")).values(roles=bindparam("new_roles"))
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
            "roles": _roles(operator.roles),
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
            "second_factor": operator.second_factor,
            "used_step": operator.used_step,
            "invite_hash": operator.invite_hash,
            "invite_until": to_ms_or_none(operator.invite_until),
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
        return self._db.run(_SET_SECRET, _secret_of(operator, seen=seen)) == 1

    @override
    def link(self, operator: Operator, *, seen: frozenset[bytes]) -> bool:
        params = {"of_name": operator.name, "seen": _persons(seen), "now_persons": _persons(operator.persons)}
        return self._db.run(_LINK, params) == 1

    @override
    def set_roles(self, name: str, roles: frozenset[OperatorRole], *, seen: frozenset[OperatorRole]) -> bool:
        params = {"of_name": name, "seen": _roles(seen), "new_roles": _roles(roles)}
        return self._db.run(_SET_ROLES, params) == 1

    @override
    def invite(self, operator: Operator) -> bool:
        params = {
            "of_name": operator.name,
            "new_invite": operator.invite_hash,
            "new_until": to_ms_or_none(operator.invite_until),
        }
        return self._db.run(_INVITE, params) == 1

    @override
    def set_up(self, operator: Operator, *, seen: str) -> bool:
        factor = {"new_factor": operator.second_factor, "new_step": operator.used_step}
        return self._db.run(_SET_UP, _secret_of(operator, seen=seen) | factor) == 1

    @override
    def use_step(self, name: str, step: int) -> bool:
        return self._db.run(_USE_STEP, {"of_name": name, "step": step, "new_step": step}) == 1


def _secret_of(operator: Operator, *, seen: str) -> dict[str, Any]:
    return {
        "of_name": operator.name,
        "seen": seen,
        "new_hash": operator.secret_hash,
        "no_tries": 0,
        "now_known_to": _names(operator.secret_known_to),
        "now_at": to_ms_or_none(operator.secret_at),
        "now_until": to_ms_or_none(operator.given_counts_until),
    }


def _roles(roles: frozenset[OperatorRole]) -> str:
    return " ".join(sorted(roles))


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
        second_factor=row[12],
        used_step=row[13],
        invite_hash=row[14],
        invite_until=from_ms_or_none(row[15]),
    )


def _persons(indexes: frozenset[bytes]) -> str | None:
    return _names(frozenset(one.hex() for one in indexes))


def _names(several: frozenset[str]) -> str | None:
    return " ".join(sorted(several)) or None
