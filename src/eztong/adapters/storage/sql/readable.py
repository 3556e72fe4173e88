"""Rows of many, of which one may be damaged: each is read by itself, so that it keeps no other back.

A driver refuses a whole answer for one text that is no UTF-8, so what is asked for here comes as bytes.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, ColumnElement, LargeBinary, cast

Cell = bytes | None
NOT_READABLE = (ValueError, OverflowError, OSError, TypeError)
"""What reading a cell as something else than it is may raise."""


def as_bytes(columns: Iterable[Column[object]]) -> list[ColumnElement[bytes]]:
    """Return what selects ``columns`` as bytes: text as it is stored, numbers in digits."""
    return [cast(column, LargeBinary) for column in columns]


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
