"""Rows that may be damaged: what is wrong with one is said of its table, and never as a fault of the program.

Of many rows each is read by itself, so that a damaged one keeps no other back. A driver refuses a whole answer for one
text that is no UTF-8, so what is asked for so comes as bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from functools import wraps
from inspect import unwrap
from typing import TypeVar

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, Text

from eztong.adapters.storage.sql.dialects import AsBytes
from eztong.adapters.storage.sql.statements import Row, key_of
from eztong.domain.damage import Listed, RowDamaged

R = TypeVar("R", bound=Row)
T = TypeVar("T")
E = TypeVar("E", bound=Enum)
Cell = bytes | None
NOT_READABLE = (ValueError, OverflowError, OSError, TypeError)
"""What reading a cell as something else than it is may raise."""


def as_bytes(columns: Iterable[Column[object]]) -> list[ColumnElement[bytes]]:
    """Return what selects ``columns`` as bytes: text as it is stored, numbers in digits."""
    return [AsBytes(column) for column in columns]


def text_of(cell: Cell) -> str:
    """Return a text that must be there.

    Raises:
        ValueError: there is none, or it is no UTF-8.
    """
    if cell is None:
        raise ValueError("a text is missing")
    return cell.decode()


def text_or_none(cell: Cell) -> str | None:
    """Return a text, or None for None.

    Raises:
        ValueError: it is no UTF-8.
    """
    return None if cell is None else cell.decode()


def whole_of(cell: Cell) -> int:
    """Return a whole number that must be there.

    Raises:
        ValueError: there is none.
    """
    if cell is None:
        raise ValueError("a number is missing")
    return int(cell)


def whole_or_none(cell: Cell) -> int | None:
    """Return a whole number, or None for None.

    Raises:
        ValueError: it is none.
    """
    return None if cell is None else int(cell)


def flag_of(cell: object) -> bool:
    """Return a flag as the driver gave it: 0 or 1, and nothing else that could be taken for either.

    Raises:
        ValueError: it is none.
    """
    if cell not in (0, 1) or isinstance(cell, float):
        raise ValueError("a flag is neither 0 nor 1")
    return cell == 1


def reads(table: Table) -> Callable[[Callable[[R], T]], Callable[[R], T]]:
    """Let what makes a value of a row of ``table`` raise :class:`RowDamaged` for a row that no value can be made of.

    It only looks at the row, so that whatever it raises is the row's; the error's own text may quote it, and goes.
    """
    key = key_of(table)

    def guarded(make: Callable[[R], T]) -> Callable[[R], T]:
        @wraps(make)
        def read(row: R) -> T:
            try:
                return make(row)
            except RowDamaged:
                raise
            except Exception:  # noqa: BLE001 - a parser of any kind may meet the value
                raise RowDamaged(table.name, key) from None

        return read

    return guarded


def unguarded(read: Callable[[R], T]) -> Callable[[R], T]:
    """Return what :func:`reads` was put around, for rows of a whole round.

    Whatever it raises lets the round go on with a unit of work for each job, where each reads its own row, guarded.
    """
    bare: Callable[[R], T] = unwrap(read)
    return bare


def by_value(kind: type[E]) -> Mapping[str, E]:
    """Return the members of an enumeration by their value; a call of the enumeration itself takes ten times as long."""
    return {str(one.value): one for one in kind}


def readable(make: Callable[[R], T], rows: Iterable[R]) -> list[T]:
    """Return what can be made of the rows; one that is damaged is left out, and keeps no other back."""
    made: list[T] = []
    for row in rows:
        with suppress(RowDamaged):
            made.append(make(row))
    return made


def listed(make: Callable[[Row], T], table: Table, rows: Sequence[Row]) -> Listed[T]:
    """Return what can be made of rows of ``table``, each by itself, and which of them are damaged.

    The rows hold all columns in their order, selected :func:`as_bytes`; ``make`` gets them as the driver would give
    them.
    """
    return Listed(rows).each(lambda row: make(_as_given(table, row)))


def _as_given(table: Table, row: Row) -> Row:
    try:
        return [_value(column, cell) for column, cell in zip(table.columns, row, strict=True)]
    except NOT_READABLE:
        raise RowDamaged(table.name, key_of(table)) from None


def _value(column: Column[object], cell: Cell) -> str | int | bytes | None:
    if isinstance(column.type, LargeBinary):
        return cell
    return text_or_none(cell) if isinstance(column.type, Text) else whole_or_none(cell)
