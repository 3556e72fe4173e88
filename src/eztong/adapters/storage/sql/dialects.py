"""What databases say differently and SQLAlchemy does not even out, each thing once."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Cast, Column, ColumnElement, Integer, LargeBinary
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Boolean

POSTGRES: Final = "postgresql"


class AsBytes(Cast[bytes]):
    """A column's value as bytes: a text as it is stored, a number in digits.

    SQLite casts anything to bytes so. PostgreSQL would read escapes into a text, and casts no number.
    """

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        """Take the value of ``column``."""
        super().__init__(column, LargeBinary)


@compiles(AsBytes, POSTGRES)
def _as_bytea(element: AsBytes, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 - as SQLAlchemy calls it
    column = element.clause
    written = compiler.process(column, **more)
    if isinstance(column.type, LargeBinary):
        return written
    text = f"CAST({written} AS TEXT)" if isinstance(column.type, (Integer, BigInteger)) else written
    return f"convert_to({text}, 'UTF8')"


class IsWhole(GenericFunction[bool]):
    """Whether a cell of a number's column holds a whole number: SQLite stores anything in any column."""

    inherit_cache = True
    type = Boolean()
    name = "is_whole"


@compiles(IsWhole)
def _is_integer(element: IsWhole, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 - as SQLAlchemy calls it
    return f"(typeof({compiler.process(element.clauses, **more)}) = 'integer')"


@compiles(IsWhole, POSTGRES)
def _is_there(element: IsWhole, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 - as SQLAlchemy calls it
    return f"({compiler.process(element.clauses, **more)}) IS NOT NULL"


def is_whole(column: Column[Any]) -> ColumnElement[bool]:
    """Return the condition that a cell of ``column`` holds a whole number."""
    return IsWhole(column)
