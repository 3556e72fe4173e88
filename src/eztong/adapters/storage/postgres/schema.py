"""The schema of a database on a PostgreSQL server: made and brought up to date by the same revisions as SQLite's."""

from __future__ import annotations

from typing import Final

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from eztong.adapters.storage.postgres.place import PostgresPlace
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
from eztong.domain.errors import StateConflict, Unavailable

LOCKS: Final = 0x657A746F
"""The first number of every advisory lock of ours, so that they meet no other program's."""

UPGRADE_LOCK: Final = 0
_VERSION_TABLE: Final = "alembic_version"
_ONLY_COMMENTS: Final = frozenset({"add_table_comment", "remove_table_comment", "modify_comment"})
_COLUMNS: Final = """
SELECT c.relname, a.attname, coalesce(a.attnum = ANY (i.indkey), false)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
"""
_INDEXES: Final = """
SELECT t.relname, x.relname
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE NOT i.indisprimary AND t.relnamespace = current_schema()::regnamespace
"""


class UpgradeUnderWay(Unavailable):
    """Another process changes the schema just now."""

    code = "upgrade_under_way"
    advice = "Another process upgrades this database just now. Wait until it is done, then try again."


def schema_version(place: PostgresPlace) -> SchemaVersion:
    """Return where the database stands; nothing of it is changed.

    Raises:
        Unavailable: it cannot be reached.
        StateConflict: it says more than once at which version it is.
    """
    with place.reading() as connection:
        return version_of(_found(connection))


def upgrade_schema(place: PostgresPlace) -> SchemaVersion:
    """Bring the database to the newest version, all of it in one transaction that others keep out of.

    Raises:
        SchemaUnknown: the database is of a version that this program does not know.
        UpgradeUnderWay: another process does so just now.
        Unavailable: it cannot be reached or written.
    """
    if schema_version(place).is_current:
        return schema_version(place)
    with place.changing() as connection:
        lock = text("SELECT pg_try_advisory_xact_lock(:ours, :upgrade)")
        if not connection.execute(lock, {"ours": LOCKS, "upgrade": UPGRADE_LOCK}).scalar_one():
            raise UpgradeUnderWay
        if not version_of(_found(connection)).is_current:
            run_revisions(connection)
    return schema_version(place)


def check_schema(place: PostgresPlace) -> None:
    """Refuse a database of another version, or of the same number with other tables.

    Raises:
        StateConflict: naming the command that mends it, or what differs.
        Unavailable: it cannot be reached.
    """
    version = schema_version(place)
    check_version(version)
    check_same(version, different_tables(place))


def different_tables(place: PostgresPlace) -> list[str]:
    """Return the tables whose columns or indexes are not what the code describes."""
    with place.reading() as connection:
        columns = connection.exec_driver_sql(_COLUMNS).all()
        indexes = connection.exec_driver_sql(_INDEXES).all()
    found: set[SchemaPart] = {(str(table), str(column), bool(key)) for table, column, key in columns}
    found |= {(str(table), str(index), None) for table, index in indexes}
    return sorted({part[0] for part in found ^ described()} - {_VERSION_TABLE})


def schema_differences(place: PostgresPlace) -> list[str]:
    """Return how the database differs from the tables that the code describes, but for comments."""
    with place.reading() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    # What belongs to one column comes as a list.
    flat = [one for part in found for one in (part if isinstance(part, list) else [part])]
    return [str(one) for one in flat if one[0] not in _ONLY_COMMENTS]


def size_in_bytes(place: PostgresPlace) -> int:
    """Return how much room the database takes on the server; its log is the server's, for all its databases.

    Raises:
        Unavailable: it cannot be reached.
    """
    with place.reading() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def _found(connection: Connection) -> str | None:
    found = MigrationContext.configure(connection).get_current_heads()
    if len(found) > 1:
        raise StateConflict("The table alembic_version has more than one line: restore a backup of the database.")
    return found[0] if found else None
