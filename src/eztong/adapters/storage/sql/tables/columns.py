"""How the columns are written down: one metadata, five kinds of column, each with its description.

A description begins with the data class in brackets (see docs/reference/data-catalogue.md):
``[id]`` identifiers without meaning, ``[keyed]`` keyed hashes, ``[sealed]`` encrypted personal data, ``[state]``
states and settings, ``[time]`` milliseconds since 1970 in UTC, ``[evidence]`` signed or hashed evidence,
``[public]`` values that are published anyway.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def text(name: str, comment: str, *, key: bool = False, optional: bool = False) -> Column[Any]:
    """Return a text column."""
    return Column(name, Text, primary_key=key, nullable=optional, comment=comment)


def whole(name: str, comment: str, *, key: bool = False, optional: bool = False) -> Column[Any]:
    """Return a small integer column."""
    return Column(name, Integer, primary_key=key, nullable=optional, comment=comment, autoincrement=False)


def counter(name: str, comment: str, *, optional: bool = False) -> Column[Any]:
    """Return a column for whole numbers that may grow without end."""
    return Column(name, BigInteger, nullable=optional, comment=comment)


def binary(name: str, comment: str, *, key: bool = False, optional: bool = False) -> Column[Any]:
    """Return a bytes column."""
    return Column(name, LargeBinary, primary_key=key, nullable=optional, comment=comment)


def instant(name: str, comment: str, *, key: bool = False, optional: bool = False) -> Column[Any]:
    """Return a time column: whole milliseconds since 1970 in UTC."""
    return Column(
        name, BigInteger, primary_key=key, nullable=optional, comment=f"[time] {comment}", autoincrement=False
    )


def table(name: str, comment: str, *parts: Column[Any]) -> Table:
    """Return a table of the schema; without a hidden row number, so that it is stored in key order."""
    return Table(name, metadata, *parts, comment=comment, sqlite_with_rowid=False)
