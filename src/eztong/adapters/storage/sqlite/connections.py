"""Connections to SQLite: WAL, every commit on disk before it is answered, deleted bytes overwritten."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.exc import DBAPIError

from eztong.adapters.storage.sql.statements import Database, Seals
from eztong.domain.errors import StateConflict, Unavailable

DIALECT = sqlite_dialect(paramstyle="qmark")
WAL_LIMIT: Final = 32 * 2**20
"""Bytes that the WAL shrinks back to after a long reader made it grow; twice what it takes in everyday work."""

_PRAGMAS = (
    "PRAGMA busy_timeout = 10000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    # With FAST whole pages that become free would keep what stood in them: keyed indexes of people who have left.
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA mmap_size = 268435456",
    "PRAGMA wal_autocheckpoint = 1000",
    f"PRAGMA journal_size_limit = {WAL_LIMIT}",
)
# The driver waits for the write lock itself, where that holds nobody up.
_OF_WRITERS = ("PRAGMA cache_size = -65536", "PRAGMA busy_timeout = 0")
# There are as many as worker threads, and the map above spares them most of a cache.
_OF_READERS = ("PRAGMA cache_size = -4096", "PRAGMA query_only = ON")
_CACHED_STATEMENTS = 512
_PRIMARY_CODE: Final = 0xFF
_LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_OF_STORE: Final = _LOCKED | {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
}
_NO_TEXT: Final = "Could not decode to UTF-8"
TEXT_DAMAGED: Final = (
    "A text in the database is none: a byte of it was changed. Nothing was changed now. "
    "Find its row with eztong db check --full, and restore a backup of before with eztong db restore."
)
_NO_FORMAT: Final = "unsupported file format"
"""SQLite's words for a header that says nonsense, with the code of any mistake in a statement."""
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class DatabaseDamaged(StateConflict):
    """The database file is not what SQLite wrote: cut off, overwritten, or another file altogether."""

    code = "database_damaged"
    advice = "The database file is damaged, or is no database: restore the last backup with eztong db restore."


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open the database file for the one writing connection; transactions are begun by hand.

    Raises:
        Unavailable, DatabaseDamaged: the file cannot be opened.
    """
    return _connect(path.absolute().as_uri(), *_OF_WRITERS)


def empty_wal(path: Path) -> bool:
    """Bring the database file up to date and cut its WAL off, so that what was overwritten stands in neither.

    Returns:
        Whether it was done. Whoever reads or writes just then keeps it from it.

    Raises:
        Unavailable, DatabaseDamaged: the file cannot be opened.
    """
    with told_as_ours(), closing(sqlite3.connect(_there(path), uri=True, timeout=0)) as connection:
        is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy


def connect_reader(path: Path, *, may_wait: bool) -> sqlite3.Connection:
    """Open the database file for reading; one that may not wait fails at once where SQLite would retry.

    Raises:
        Unavailable, DatabaseDamaged: the file cannot be opened.
    """
    return _connect(_there(path), *_OF_READERS, *(() if may_wait else ("PRAGMA busy_timeout = 0",)))


def _there(path: Path) -> str:
    """Return how SQLite opens a file that is there, and makes none where it was moved away."""
    return f"{path.absolute().as_uri()}?mode=rw"


def _connect(uri: str, *more: str) -> sqlite3.Connection:
    with told_as_ours():
        connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=_CACHED_STATEMENTS
        )
        for pragma in (*_PRAGMAS, *more):
            connection.execute(pragma)
        return connection


def read_only_uri(path: Path) -> str:
    """Return how SQLite opens a file for reading only, also where nothing can be written beside it.

    In a folder that cannot be written, and without a log beside it, nobody changes the file: SQLite needs no files of
    its own then.
    """
    log = path.with_name(f"{path.name}-wal")
    is_still = not os.access(path.parent, os.W_OK) and (not log.exists() or log.stat().st_size == 0)
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if is_still else ''}"


def database_over(connection: sqlite3.Connection, *, seals: Seals | None = None) -> Database:
    """Return the statement runner over a SQLite connection; one that writes needs the ``seals``."""
    return Database(connection, DIALECT, seals=seals, is_no_text=_is_no_text)


def _is_no_text(error: BaseException) -> bool:
    # The module has no code of its own for it.
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith(_NO_TEXT)


def restrict_file(path: Path) -> None:
    """Let only the owner read the database file, which holds sealed data and keyed hashes."""
    path.touch(mode=0o600, exist_ok=True)
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)


def is_locked(error: BaseException) -> bool:
    """Say whether somebody else holds a lock that was needed."""
    return _code(error) in _LOCKED


def is_store_failure(error: BaseException) -> bool:
    """Say whether an error is the store's (locked, full, disk) and not of the statement that met it."""
    return _code(error) in _OF_STORE


@contextmanager
def told_as_ours() -> Iterator[None]:
    """Turn what SQLite says of file, disk, locks and text into errors of ours; a wrong statement stays what it is.

    Raises:
        DatabaseDamaged, Unavailable: as :func:`raise_as_ours`.
    """
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        raise_as_ours(error)
        raise


def raise_as_ours(error: BaseException | None) -> None:
    """Raise what an error says about file, disk, locks and text; return if it says nothing about them.

    Raises:
        DatabaseDamaged: the file is no database, or not a whole one, or a text in it is no UTF-8.
        Unavailable: locked, full, read-only, or the disk failed.
    """
    if not isinstance(error, (sqlite3.Error, DBAPIError)):
        return
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if _is_no_text(cause):
        # The driver's words quote the text.
        raise DatabaseDamaged(TEXT_DAMAGED) from None
    if _code(cause) in _DAMAGED or str(cause) == _NO_FORMAT:
        raise DatabaseDamaged from error
    if is_store_failure(cause):
        raise Unavailable(f"The database cannot be used: {cause}.") from error


def _code(error: BaseException) -> int:
    code = getattr(error, "sqlite_errorcode", None)
    return 0 if code is None else code & _PRIMARY_CODE
