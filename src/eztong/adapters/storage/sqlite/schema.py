"""The schema's versions: where a database stands, and how it is brought up to date."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from eztong.adapters.storage.sql.revisions import (
    SchemaPart,
    SchemaVersion,
    check_same,
    check_version,
    described,
    run_revisions,
    version_of,
)
from eztong.adapters.storage.sql.tables import metadata
from eztong.adapters.storage.sqlite.connections import DatabaseDamaged, read_only_uri, restrict_file, told_as_ours

_VERSION_TABLE: Final = "alembic_version"
_COLUMNS: Final = (
    "SELECT m.name, c.name, c.pk FROM sqlite_master AS m, pragma_table_info(m.name) AS c "
    "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~'"
)
_INDEXES: Final = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
_WRITTEN: Final = (
    # As bytes: a damaged text may be none.
    "SELECT CAST(type AS BLOB), CAST(name AS BLOB), CAST(tbl_name AS BLOB), CAST(sql AS BLOB) FROM sqlite_master "
    # SQLite's own tables come and go; an index with a text is nobody's but ours.
    "WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~' OR (type = 'index' AND sql IS NOT NULL) ORDER BY type, name"
)
_STRANGE: Final = "SELECT type || ' ' || name FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY name"
WHOLE: Final = "70cbc4523fea748243d181a9eb753c1bb321f6d15f134a4d6d3c96d25bbf3e57"
"""The :func:`schema_digest` of a database as the migrations make it, which differs in nothing from what the code says.

To compare every column and index takes longer than everything else that a check of a small database does.
"""


class VersionDamaged(DatabaseDamaged):
    """The database says more than once at which version it is, or by something that is no text."""

    code = "schema_version_damaged"
    advice = (
        "The table alembic_version has more than one line, or one that is no text, so nobody knows at which version "
        "the database is: restore the last backup with eztong db restore."
    )


def schema_version(path: Path) -> SchemaVersion:
    """Return where the database file stands; the file is not touched.

    Raises:
        DatabaseDamaged, Unavailable: it cannot be read.
    """
    found = None
    if path.exists():
        with reading(path) as connection:
            found = _found(connection)
    return version_of(found)


def _found(connection: Connection) -> str | None:
    """Return the version in the file; None if it has none yet.

    Raises:
        VersionDamaged: there are two, or what stands there is no text: SQLite stores any value in any column.
    """
    found: tuple[object, ...] = MigrationContext.configure(connection).get_current_heads()
    if len(found) > 1 or not all(isinstance(one, str) for one in found):
        raise VersionDamaged
    return str(found[0]) if found else None


def upgrade_schema(path: Path) -> SchemaVersion:
    """Bring the database file to the newest version, creating it if it is not there.

    Raises:
        SchemaUnknown: the database is of a version that this program does not know.
        DatabaseDamaged, Unavailable: it cannot be read or written.
    """
    restrict_file(path)
    with changing(path) as connection:
        version = version_of(_found(connection))
        if version.is_current:
            return version
        run_revisions(connection)
    return schema_version(path)


def check_schema(path: Path) -> None:
    """Refuse a database of another version, or of the same number with other tables.

    Raises:
        StateConflict: naming the command that mends it, or what differs.
        DatabaseDamaged, Unavailable: it cannot be read.
    """
    version = schema_version(path)
    check_version(version)
    check_same(version, different_tables(path))


def different_tables(path: Path) -> list[str]:
    """Return the tables whose columns or indexes are not what the code describes; quick enough for every start."""
    with reading(path) as connection:
        columns = connection.exec_driver_sql(_COLUMNS).all()
        indexes = connection.exec_driver_sql(_INDEXES).all()
    found: set[SchemaPart] = {(str(table), str(column), bool(key)) for table, column, key in columns}
    found |= {(str(table), str(index), None) for table, index in indexes}
    return sorted({part[0] for part in found ^ described()} - {_VERSION_TABLE})


def schema_differences(path: Path) -> list[str]:
    """Return how the database differs from the tables that the code describes; nothing means it is whole."""
    with reading(path) as connection:
        if _digest(connection) == WHOLE:
            return []
        try:
            differences = compare_metadata(MigrationContext.configure(connection), metadata)
        except TypeError:
            # What reads the schema stumbles over an index that stands under another name than its own text says.
            return ["an index or table is not as it was made"]
        strange = connection.exec_driver_sql(_STRANGE).scalars().all()
    return [*(str(difference) for difference in differences), *(f"{what} is none of ours" for what in strange)]


def schema_digest(path: Path) -> str:
    """Return a digest of how the tables and indexes of the database are written, whatever is in them.

    Raises:
        DatabaseDamaged, Unavailable: it cannot be read.
    """
    with reading(path) as connection:
        return _digest(connection)


def _digest(connection: Connection) -> str:
    written = connection.exec_driver_sql(_WRITTEN).all()
    return hashlib.sha256(repr([tuple(part) for part in written]).encode()).hexdigest()


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be in use, consistently, by SQLite's own backup; the copy is for its owner only.

    Raises:
        DatabaseDamaged, Unavailable: one cannot be read, or the other not be written.
    """
    restrict_file(target)
    with told_as_ours(), closing(sqlite3.connect(source)) as from_file, closing(sqlite3.connect(target)) as to_file:
        from_file.backup(to_file)


@contextmanager
def reading(path: Path) -> Iterator[Connection]:
    """Open the database file for reading only; whatever its path is made of.

    Raises:
        DatabaseDamaged, Unavailable: it cannot be read.
    """
    with _connected(read_only_uri(path), read_only=True) as connection:
        yield connection


@contextmanager
def changing(path: Path) -> Iterator[Connection]:
    """Open the database file for one change that is made together or not at all.

    Raises:
        DatabaseDamaged, Unavailable: it cannot be written.
    """
    with _connected(str(path), read_only=False) as connection, connection.begin():
        yield connection


@contextmanager
def _connected(database: str, *, read_only: bool) -> Iterator[Connection]:
    with told_as_ours(), _engine(database, read_only=read_only).connect() as connection:
        yield connection


# A start opens the file twenty times, and to make an engine takes longer than to open it. It holds no connection.
@lru_cache(maxsize=4)
def _engine(database: str, *, read_only: bool) -> Engine:
    # The path goes to SQLite as it is: a URL put together as text would make another path of '#', '?' and '%41'.
    engine = create_engine(
        URL.create("sqlite", database=database),
        # The driver by itself would begin no transaction before a change of the schema.
        creator=lambda: sqlite3.connect(database, uri=read_only, isolation_level=None),
        poolclass=NullPool,
    )
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine
