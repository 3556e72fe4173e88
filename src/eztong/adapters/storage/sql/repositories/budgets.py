"""Budgets over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into
from eztong.adapters.storage.sql.tables.budgets import budgets
from eztong.domain.budget import Spent
from eztong.ports.storage.budgets import BudgetRepository

_INSERT = insert_into(budgets)
_SPEND = Statement(
    update(budgets)
    .where(
        budgets.c.subject == bindparam("of_subject"),
        budgets.c.budget == bindparam("of_budget"),
        budgets.c.slot == bindparam("in_slot"),
    )
    .values(spent=budgets.c.spent + bindparam("one"))
)
_SPENT = Statement(
    select(budgets.c.slot, budgets.c.spent)
    .where(
        budgets.c.subject == bindparam("subject"),
        budgets.c.budget == bindparam("budget"),
        budgets.c.slot >= bindparam("since"),
    )
    .order_by(budgets.c.slot)
)


class SqlBudgets(BudgetRepository):
    """Budgets over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def spend(self, subject: bytes, budget: str, *, slot: datetime) -> None:
        found = {"of_subject": subject, "of_budget": budget, "in_slot": to_ms(slot)}
        if not self._db.run(_SPEND, {**found, "one": 1}):
            self._db.run(_INSERT, {"subject": subject, "budget": budget, "slot": to_ms(slot), "spent": 1})

    @override
    def spent(self, subject: bytes, budget: str, *, since: datetime) -> Sequence[Spent]:
        rows = self._db.all(_SPENT, {"subject": subject, "budget": budget, "since": to_ms(since)})
        return [_spent(row) for row in rows]


@reads(budgets)
def _spent(row: Row) -> Spent:
    return Spent(from_ms(row[0]), row[1])
