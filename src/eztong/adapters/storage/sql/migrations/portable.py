"""What a revision says otherwise on each database."""

from __future__ import annotations

from alembic import op


def is_postgres() -> bool:
    """Say whether the revision runs on PostgreSQL."""
    return op.get_context().dialect.name == "postgresql"


def empty_bytes() -> str:
    """Return the SQL of bytes without any."""
    return "''::bytea" if is_postgres() else "x''"


def hex_of(column: str) -> str:
    """Return the SQL of a column's bytes in small hexadecimal digits."""
    return f"encode({column}, 'hex')" if is_postgres() else f"lower(hex({column}))"


def set_aside(table: str, *, as_table: str) -> None:
    """Rename a table, so that another one can have its name.

    The name of a primary key is the table's own in SQLite, and one of the whole schema in PostgreSQL.
    """
    op.rename_table(table, as_table)
    if is_postgres():
        op.execute(f"ALTER TABLE {as_table} RENAME CONSTRAINT pk_{table} TO pk_{as_table}")
