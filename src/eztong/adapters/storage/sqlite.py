"""Connections to SQLite: WAL, every commit on disk before it is answered, deleted bytes overwritten."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from eztong.adapters.storage.statements import Database
from eztong.domain.errors import Unavailable

DIALECT = sqlite_dialect(paramstyle="qmark")
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = FAST",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
    "PRAGMA mmap_size = 268435456",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA wal_autocheckpoint = 4000",
)
_CACHED_STATEMENTS = 512


def connect(path: Path) -> sqlite3.Connection:
    """Open the database file with our settings; transactions are begun by hand.

    Raises:
        Unavailable: the file cannot be opened.
    """
    try:
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, cached_statements=_CACHED_STATEMENTS
        )
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except sqlite3.Error as error:
        raise Unavailable(f"The database cannot be opened: {error}.") from error
    return connection


def database_over(connection: sqlite3.Connection) -> Database:
    """Return the statement runner over a SQLite connection."""
    return Database(connection, DIALECT)


def restrict_file(path: Path) -> None:
    """Let only the owner read the database file, which holds sealed data and keyed hashes."""
    path.touch(mode=0o600, exist_ok=True)
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
