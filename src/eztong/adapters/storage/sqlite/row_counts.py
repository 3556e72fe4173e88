"""Row counts: how many rows each sealed table has, keyed, so that a row that goes together with its tag is missed.

They stand among the tags, under a name that no table has: one row for each table, and one that counts these. The
triggers that keep the tags keep the counts, in the same statement. A count that was wrong stays wrong: it goes up and
down with what the service does, and is never counted anew but when rows of an earlier version are sealed.

A table that is new gets its count at the first opening of the store; that the count of counts fits says that no other
one was taken away. ADR 0076 says why, and what this does not see.
"""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTS: Final = "#count"
"""What stands in the place of a table's name."""

_NUMBER_BYTES: Final = 8
_TAG_BYTES: Final = 16
_LOCK_MS: Final = 10_000
# As bytes: a name that was damaged is the name of no table, and keeps no start away.
_OF_COUNTS: Final = f"SELECT CAST(row_key AS BLOB) FROM row_seals WHERE table_name = '{COUNTS}'"  # noqa: S608 - our own name
_NEW: Final = f"INSERT INTO row_seals VALUES ('{COUNTS}', ?, ?)"  # noqa: S608 - our own name

Digest = Callable[[tuple[str, str, int]], bytes]
"""Makes a keyed digest of what names a count, and its number."""


class RowCounts:
    """What makes and reads keyed counts."""

    def __init__(self, digest: Digest) -> None:
        """Key the counts with ``digest``."""
        self._digest = digest

    def tag(self, table: str, number: int) -> bytes:
        """Return what is stored for so many rows of ``table``."""
        return number.to_bytes(_NUMBER_BYTES) + self._digest((COUNTS, table, number))[:_TAG_BYTES]

    def number(self, table: str, tag: object) -> int | None:
        """Return how many rows were counted; None if the count was not made with these keys."""
        if not isinstance(tag, bytes) or len(tag) != _NUMBER_BYTES + _TAG_BYTES:
            return None
        number = int.from_bytes(tag[:_NUMBER_BYTES])
        try:
            return number if hmac.compare_digest(tag, self.tag(table, number)) else None
        except UnicodeError:
            # No table has such a name.
            return None

    def moved(self, tag: bytes, table: str, by: int) -> bytes:
        """Return a count that went up or down; one that is not ours, or would be below nothing, stays as it is."""
        number = self.number(table, tag)
        return tag if number is None or number + by < 0 else self.tag(table, number + by)

    def lay_missing(self, connection: sqlite3.Connection, tables: Sequence[str]) -> None:
        """Count the tables that have no count yet as empty; of a database without any tag, all of them."""
        if not _missing(connection, tables):
            return
        with _alone(connection):
            missing = _missing(connection, tables)
            first = connection.execute("SELECT 1 FROM row_seals LIMIT 1").fetchone() is None
            if first:
                connection.execute(_NEW, (COUNTS, self.tag(COUNTS, 0)))
            connection.executemany(_NEW, [(table, self.tag(table, 0)) for table in missing])
            connection.execute(
                f"UPDATE row_seals SET tag = row_counted(CAST(tag AS BLOB), row_key, {len(missing)}) "  # noqa: S608 - a number
                f"WHERE table_name = '{COUNTS}' AND row_key = '{COUNTS}'"
            )

    def lay_all(self, connection: sqlite3.Connection, tables: Iterable[str]) -> None:
        """Count every table anew, inside a transaction: what stands there is believed from here on."""
        connection.execute(f"DELETE FROM row_seals WHERE table_name = '{COUNTS}'")  # noqa: S608 - our own name
        found = {
            table: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own names
            for table in tables
        }
        found[COUNTS] = len(found)
        connection.executemany(_NEW, [(table, self.tag(table, number)) for table, number in found.items()])


def count_up(table: str) -> str:
    """Return the SQL that counts a row of ``table`` that came."""
    return _moved(table, 1)


def count_down(table: str) -> str:
    """Return the SQL that counts a row of ``table`` that went."""
    return _moved(table, -1)


def _moved(table: str, by: int) -> str:
    return (
        f"UPDATE row_seals SET tag = row_counted(CAST(tag AS BLOB), '{table}', {by}) "  # noqa: S608 - names of our own tables
        f"WHERE table_name = '{COUNTS}' AND row_key = '{table}'"
    )


def _missing(connection: sqlite3.Connection, tables: Sequence[str]) -> list[str]:
    there = {name for (name,) in connection.execute(_OF_COUNTS)}
    return [table for table in tables if table.encode() not in there]


@contextmanager
def _alone(connection: sqlite3.Connection) -> Iterator[None]:
    """Work in a transaction; another process that has the lock is waited for, once in the life of a database."""
    if connection.in_transaction:
        yield
        return
    (waits,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {_LOCK_MS}")
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    finally:
        connection.execute(f"PRAGMA busy_timeout = {waits}")
