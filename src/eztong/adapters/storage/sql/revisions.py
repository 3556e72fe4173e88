"""The schema's versions on any database: which there are, where one stands, and how it is brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Table

from eztong.adapters.storage.sql.tables import metadata
from eztong.domain.errors import StateConflict

MIGRATIONS: Final = Path(__file__).parent / "migrations"
SchemaPart = tuple[str, str, bool | None]
"""A table, a column of it, and whether that is in its key; or a table, an index of it, and None."""


class SchemaUnknown(StateConflict):
    """The database was made by a newer program, or by another one."""

    code = "schema_unknown"
    advice = "The database is of a version that this program does not know: install the version that made it."


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """Where the database stands and where the code wants it; None before the first upgrade."""

    found: str | None
    wanted: str
    is_known: bool = True
    """Whether this program knows the way from there to here."""

    @property
    def is_current(self) -> bool:
        """Say whether no upgrade is needed."""
        return self.found == self.wanted


def version_of(found: str | None) -> SchemaVersion:
    """Return where a database stands that says this of itself."""
    known = _known_revisions()
    return SchemaVersion(found, known[0], is_known=found is None or found in known)


def run_revisions(connection: Connection) -> None:
    """Bring the database to the newest version, inside the transaction that is open.

    Raises:
        SchemaUnknown: the database is of a version that this program does not know.
    """
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaUnknown from error


def check_version(version: SchemaVersion) -> None:
    """Refuse a database of another version.

    Raises:
        SchemaUnknown: this program does not know it.
        StateConflict: it is older, naming the command that mends it.
    """
    if not version.is_known:
        raise SchemaUnknown
    if not version.is_current:
        raise StateConflict(
            f"The database is at schema {version.found or 'none'}, the program needs {version.wanted}. "
            "Back it up, then run: eztong db upgrade."
        )


def check_same(version: SchemaVersion, different: Sequence[str]) -> None:
    """Refuse a database of the same version with other tables, which are named.

    Raises:
        StateConflict: there are some.
    """
    if different:
        raise StateConflict(
            f"The database says schema {version.wanted}, but these tables are others: {', '.join(different)}. "
            "It was made by another line of development; use the version that made it."
        )


def described() -> set[SchemaPart]:
    """Return the columns and indexes that the code describes."""
    parts: set[SchemaPart] = {
        (table.name, column.name, column.primary_key) for table in _tables() for column in table.c
    }
    return parts | {(table.name, str(index.name), None) for table in _tables() for index in table.indexes}


def _tables() -> Sequence[Table]:
    return metadata.sorted_tables


# Reading them loads every migration: once in a process is enough.
@lru_cache(maxsize=1)
def _known_revisions() -> Sequence[str]:
    """Return the revisions of the code, the newest first."""
    return [step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
