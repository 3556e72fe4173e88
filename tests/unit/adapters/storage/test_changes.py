"""What a statement may do to rows is told by its text, and never less than it does."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from eztong.adapters.storage.sql.changes import RowChange, touches_of
from eztong.adapters.storage.sql.statements import Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables import metadata
from eztong.adapters.storage.sqlite.connections import DIALECT

SETTINGS, GRANTS = metadata.tables["service_settings"], metadata.tables["grants"]
NEW = insert(SETTINGS).values(name=bindparam("name"), value=bindparam("value"))
ELSEWHERE = select(GRANTS.c.grant_id).where(GRANTS.c.holder_id == bindparam("one")).scalar_subquery()
ADDS, ALTERS, MOVES, REMOVES = RowChange


@pytest.mark.parametrize(
    ("statement", "changes"),
    [
        (insert_into(SETTINGS), {ADDS}),
        (Statement(NEW.on_conflict_do_nothing()), {ADDS}),
        (Statement(NEW.on_conflict_do_update(index_elements=["name"], set_={"value": "1"})), {ADDS, ALTERS}),
        (Statement(NEW.on_conflict_do_update(index_elements=["name"], set_={"name": "1"})), {ADDS, ALTERS, MOVES}),
        (Statement(NEW.prefix_with("OR REPLACE")), set(RowChange)),
        (update_where(SETTINGS, keys=["name"], columns=["value"]), {ALTERS}),
        (Statement(update(SETTINGS).values(name=bindparam("new"))), {ALTERS, MOVES}),
        (Statement(update(SETTINGS).where(SETTINGS.c.name == "a").values(value="b", name="c")), {ALTERS, MOVES}),
        # What stands behind a condition in what is set may be another column.
        (Statement(update(SETTINGS).values(value=ELSEWHERE, name="c")), {ALTERS, MOVES}),
        (Statement(delete(SETTINGS)), {REMOVES}),
        (Statement(delete(SETTINGS).where(SETTINGS.c.name == "SET")), {REMOVES}),
    ],
)
def test_a_statement_touches_what_it_says(statement: Statement, changes: set[RowChange]) -> None:
    assert statement.compiled(DIALECT).touches == {("service_settings", change) for change in changes}


def test_what_only_reads_touches_nothing() -> None:
    assert select_where(SETTINGS, "name").compiled(DIALECT).touches == frozenset()


def test_of_what_is_not_known_anything_is_expected() -> None:
    sql = "WITH a AS (SELECT 1) UPDATE service_settings SET value = 1"
    assert touches_of(sql, SETTINGS) == {("service_settings", change) for change in RowChange}
