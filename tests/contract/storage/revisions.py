"""Databases of earlier versions, for the tests of what an upgrade does to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from eztong.adapters.storage.sql.revisions import MIGRATIONS

_MADE: dict[str, bytes] = {}
"""Empty databases of this run, by their revision."""


def move(path: Path, revision: str, *, down: bool = False) -> None:
    """Bring the database file to a revision; one that is not there yet is made once for the run."""
    if path.exists():
        _migrate(path, revision, down=down)
        return
    if revision not in _MADE:
        # From the newest that was made before it: their names are numbers of one length.
        earlier = max((made for made in _MADE if made < revision), default=None)
        if earlier:
            path.write_bytes(_MADE[earlier])
        _migrate(path, revision, down=down)
        _MADE[revision] = path.read_bytes()
    path.write_bytes(_MADE[revision])


def _migrate(path: Path, revision: str, *, down: bool) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)
    engine.dispose()


def insert(path: Path, table: str, row: Mapping[str, object]) -> None:
    """Put a row into the file, as another version of the program wrote it."""
    marks = ", ".join("?" for _ in row)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))  # noqa: S608 - our own names
