"""What a statement does to rows, told by its text: more of it where the text leaves a doubt."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from sqlalchemy import Table


class RowChange(Enum):
    """One kind of change of rows."""

    ADDS = auto()
    ALTERS = auto()
    MOVES = auto()
    """A column by which rows are known is set anew."""

    REMOVES = auto()


Touch = tuple[str, RowChange]
"""A table's name, and one thing that is done to its rows."""

ANY_CHANGE: Final = frozenset(RowChange)
_SET: Final = re.compile(r"\bSET\b(.*?)(?:\bWHERE\b|\Z)", re.DOTALL)


def touches_of(sql: str, table: Table) -> frozenset[Touch]:
    """Return what an INSERT, UPDATE or DELETE of ``table`` may do."""
    return frozenset((table.name, change) for change in _changes(sql, table))


def _changes(sql: str, table: Table) -> frozenset[RowChange]:
    if sql.startswith("INSERT INTO "):
        return frozenset({RowChange.ADDS}) | (_altered(sql, table) if "DO UPDATE" in sql else frozenset())
    if sql.startswith("UPDATE "):
        return _altered(sql, table)
    return frozenset({RowChange.REMOVES}) if sql.startswith("DELETE FROM ") else ANY_CHANGE


def _altered(sql: str, table: Table) -> frozenset[RowChange]:
    # Whatever is named between the first SET and the end, or a condition, may be what is set.
    named = " ".join(_SET.findall(sql))
    moves = any(re.search(rf"\b{column.name}\b", named) for column in table.primary_key)
    # A condition inside what is set would hide what comes after it.
    nested = "SELECT" in named
    alters = frozenset({RowChange.ALTERS})
    return alters | {RowChange.MOVES} if moves or nested or not named else alters
