"""SQLite's own check of a database file: what is wrong with rows and indexes, told apart from damage of the file.

One byte that turned over in a cell makes SQLite say that a row is missing from an index. All the same every row can be
read, copied and put back; that is the trouble of one row, which its tag names, and no reason to refuse the file.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from eztong.adapters.storage.sqlite.connections import DatabaseDamaged, read_only_uri, told_as_ours

_WHOLE: Final = "ok"
_FEWER_OR_MORE: Final = "wrong # of entries in index "
_MOST: Final = 20
"""More lines only repeat themselves. SQLite says first what is wrong with the file."""

# What the versions of SQLite say of a row, a value or an entry of an index; whatever else they say is of the file.
_OF_ROWS: Final = re.compile(
    r"row -?\d+ missing from index .+"
    r"|row -?\d+ values differ from index .+"
    r"|rowid not at end-of-record for row -?\d+ of index .+"
    r"|index .+ stores an imprecise floating-point value for row -?\d+"
    r"|wrong # of entries in index .+"
    r"|non-unique entry in index .+"
    r"|row not in PRIMARY KEY order for .+"
    r"|NULL value in .+"
    r"|(non-)?[A-Z]+ value in .+"
    r"|CHECK constraint failed in .+"
)


def check_integrity(path: Path) -> Sequence[str]:
    """Let SQLite check its own file; return what it says of single rows and of indexes, nothing if it is whole.

    Raises:
        DatabaseDamaged: the file is damaged.
        Unavailable: it cannot be read.
    """
    with told_as_ours(), closing(sqlite3.connect(read_only_uri(path), uri=True)) as connection:
        lines = [str(line) for (line,) in connection.execute(f"PRAGMA integrity_check({_MOST})")]
    if lines == [_WHOLE]:
        return []
    if not all(map(_OF_ROWS.fullmatch, lines)):
        raise DatabaseDamaged
    return lines


def rows_may_be_gone(lines: Sequence[str]) -> bool:
    """Say whether an index knows of fewer or more rows than there are: it may be the rows that are wrong."""
    return any(line.startswith(_FEWER_OR_MORE) for line in lines)


def rebuild_indexes(path: Path) -> Sequence[str]:
    """Make the indexes of a file anew that nobody has open, by what the rows say; return what is wrong afterwards.

    An index that its rows do not allow stays as it is: two of them say the same where each must say another thing.

    Raises:
        DatabaseDamaged: the file is damaged.
        Unavailable: it cannot be read or written.
    """
    with told_as_ours(), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall()
        for (name,) in names:
            with suppress(sqlite3.IntegrityError):
                connection.execute('REINDEX "{}"'.format(str(name).replace('"', '""')))
        # The file is moved without what SQLite writes beside it.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return check_integrity(path)
