"""The schema's versions: where a database stands, and how it is brought up to date."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine

from eztong.adapters.storage.sqlite import restrict_file
from eztong.adapters.storage.tables import metadata
from eztong.domain.errors import StateConflict

_FOLDER = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """Where the database stands and where the code wants it; None before the first upgrade."""

    found: str | None
    wanted: str

    @property
    def is_current(self) -> bool:
        """Say whether no upgrade is needed."""
        return self.found == self.wanted


def schema_version(path: Path) -> SchemaVersion:
    """Return where the database file stands."""
    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    found = None
    if path.exists():
        engine = _engine(path)
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        engine.dispose()
    return SchemaVersion(found, wanted or "")


def upgrade_schema(path: Path) -> SchemaVersion:
    """Bring the database file to the newest version, creating it if it is not there."""
    restrict_file(path)
    engine = _engine(path)
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
    return schema_version(path)


def check_schema(path: Path) -> None:
    """Refuse a database of another version.

    Raises:
        StateConflict: naming the command that mends it.
    """
    version = schema_version(path)
    if not version.is_current:
        raise StateConflict(
            f"The database is at schema {version.found or 'none'}, the program needs {version.wanted}. "
            "Back it up, then run: eztong db upgrade."
        )


def schema_differences(path: Path) -> list[str]:
    """Return how the database differs from the tables that the code describes; nothing means it is whole."""
    engine = _engine(path)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    return [str(difference) for difference in differences]


def check_integrity(path: Path) -> None:
    """Let SQLite check its own file.

    Raises:
        StateConflict: the file is damaged.
    """
    with closing(sqlite3.connect(path)) as connection:
        answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        raise StateConflict("The database file is damaged: restore the last backup with eztong db restore.")


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be in use, consistently, by SQLite's own backup; the copy is for its owner only."""
    restrict_file(target)
    with closing(sqlite3.connect(source)) as from_file, closing(sqlite3.connect(target)) as to_file:
        from_file.backup(to_file)


def _engine(path: Path) -> Engine:
    return create_engine(f"sqlite:///{path}")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
