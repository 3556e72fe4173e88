"""Row seals: a keyed tag for each row whose columns decide something and that no signature covers.

Temporary triggers on the writing connection make, renew and remove the tag in the same statement that changes the row.
Codes carry theirs in the row, since nothing that it covers changes after the INSERT.
So no statement of a repository has to know of them, a narrow conditional change is covered like any other, and what is
rolled back takes its tag with it. Who writes without the keys leaves rows whose tags do not fit, or have none.

A row that was wrong stays wrong: a change renews the tag only if the row's tag fitted before. How many rows
there are is kept beside them (``row_counts``): else a row could go together with its tag.

ADR 0038 says why, and what this does not see.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Text

from eztong.adapters.storage.sql.changes import RowChange, Touch
from eztong.adapters.storage.sql.row_tags import IN_ROW, RowTags, sealed_columns
from eztong.adapters.storage.sql.tables import metadata
from eztong.adapters.storage.sqlite.connections import connect_writer, told_as_ours
from eztong.adapters.storage.sqlite.row_counts import RowCounts, count_down, count_up
from eztong.ports.keys import Keys

PENDING_SETTING: Final = "row_seals"
"""A setting that a migration leaves: rows of the version before wait to be sealed; its value names their tables."""

ALL_TABLES: Final = "pending"

ONLY_COUNTS: Final = "counts"
"""Stands among the names of tables after a migration that adds counts: rows are counted whenever some are sealed."""

NOT_SEALED: Final = frozenset({"verifications", "batches", "idempotency_keys", "row_seals"})
"""Tables that signatures cover, that a check compares with what signatures cover, or that hold the tags themselves."""

_FITS_NOTHING: Final = b""
"""The tag of a row that nobody can make one of."""

_LOCK_MS: Final = 10_000
_encode = msgspec.msgpack.Encoder().encode


class RowSeals(RowTags):
    """What makes and checks the tags of rows, and keeps them by triggers."""

    def __init__(self, keys: Keys) -> None:
        """Derive the key."""
        super().__init__(keys)
        self.counts = RowCounts(lambda counted: self._mac(_encode(counted)))

    def watch(self, connection: sqlite3.Connection) -> None:
        """Keep the tags of whatever ``connection`` will change, by statements of any kind."""
        self.offer(connection)
        for touch in counted_touches():
            self.lay(connection, touch)
        self.counts.lay_missing(connection, counted_tables())

    def lay(self, connection: sqlite3.Connection, touch: Touch) -> None:
        """Lay the trigger that such a change of rows needs; one that is there stays."""
        table, change = touch
        connection.execute(_trigger(table, change))

    def offer(self, connection: sqlite3.Connection) -> None:
        """Let statements of ``connection`` ask for tags."""

        def renewed(kept: bytes, table: str, *cells: object) -> bytes:
            half = len(cells) // 2
            try:
                before, after = self._read(table, cells[:half]), self._read(table, cells[half:])
            except UnicodeError:
                # It was wrong before, and stays wrong: nothing that we write is no text.
                return kept
            return self.tag(table, after) if self.fits(table, before, kept) else kept

        def sealed(table: str, *cells: object) -> bytes:
            try:
                return self.tag(table, self._read(table, cells))
            except UnicodeError:
                return _FITS_NOTHING

        make: Callable[..., bytes] = lambda table, *values: self.tag(table, values)  # noqa: E731 - what SQLite calls
        connection.create_function("row_tag", -1, make, deterministic=True)
        connection.create_function("row_tag_of_cells", -1, sealed, deterministic=True)
        connection.create_function("row_tag_renewed", -1, renewed, deterministic=True)
        connection.create_function("row_counted", 3, self.counts.moved, deterministic=True)

    def _read(self, table: str, cells: Sequence[object]) -> list[object]:
        """Return the values of cells whose texts came as bytes, since SQLite hands no function a text that is none.

        Raises:
            UnicodeError: one is none.
        """
        values = list(cells)
        for place in _text_places(table):
            cell = values[place]
            if isinstance(cell, bytes):
                values[place] = cell.decode()
        return values


def sealed_tables() -> list[str]:
    """Return the tables whose rows have tags."""
    return [name for name in metadata.tables if name not in NOT_SEALED]


def counted_tables() -> list[str]:
    """Return the tables whose rows are counted: those whose tags are rows of their own."""
    return [name for name in sealed_tables() if name not in IN_ROW]


@cache
def counted_touches() -> frozenset[Touch]:
    """Return every change of rows that needs a trigger of its own."""
    return frozenset((table, change) for table in counted_tables() for change in RowChange)


def row_key(table: str, row: str) -> str:
    """Return the SQL that names a row of ``table`` in the tags; ``row`` is what stands before its columns."""
    return " || ',' || ".join(f"quote({row}.{name})" for name in _key_columns(table))


def seal_rows_of_before(database: Path, keys: Keys) -> int | None:
    """Seal the rows that an earlier version wrote, once, and return how many; None if that was done before.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be opened, or another process keeps it locked.
    """
    with told_as_ours(), closing(connect_writer(database)) as connection:
        if not _waiting(connection):
            return None
        seals = RowSeals(keys)
        seals.offer(connection)
        connection.execute(f"PRAGMA busy_timeout = {_LOCK_MS}")
        connection.execute("BEGIN IMMEDIATE")
        waiting = _waiting(connection)
        if not waiting:
            # Another process has sealed them since.
            return None
        connection.execute("DELETE FROM service_settings WHERE name = ?", (PENDING_SETTING,))
        # What has tags keeps them: sealing it again would seal what somebody changed meanwhile.
        tables = sealed_tables() if waiting == ALL_TABLES else [*{*waiting.split(",")} - {ONLY_COUNTS}]
        connection.executemany("DELETE FROM row_seals WHERE table_name = ?", [(table,) for table in tables])
        sealed = sum(connection.execute(_seal_all(table)).rowcount for table in tables)
        seals.counts.lay_all(connection, counted_tables())
        connection.execute("COMMIT")
    return sealed


def _waiting(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT value FROM service_settings WHERE name = ?", (PENDING_SETTING,)).fetchone()
    return "" if row is None else str(row[0])


def _key_columns(table: str) -> list[str]:
    return [column.name for column in metadata.tables[table].primary_key.columns]


@cache
def _text_places(table: str) -> tuple[int, ...]:
    columns = metadata.tables[table].columns
    return tuple(place for place, name in enumerate(sealed_columns(table)) if isinstance(columns[name].type, Text))


def _values(table: str, row: str) -> str:
    return ", ".join(f"{row}.{name}" for name in sealed_columns(table))


def _cells(table: str, row: str) -> str:
    """Return the SQL of a stored row's values with its texts as bytes, wherever they stand: they may be no text.

    One bit of a record says whether bytes are called a text, so a damaged row can have one in any column.
    """
    texts = _text_places(table)
    return ", ".join(
        _as_bytes(f"{row}.{name}", is_text=place in texts) for place, name in enumerate(sealed_columns(table))
    )


def _as_bytes(cell: str, *, is_text: bool) -> str:
    return f"CAST({cell} AS BLOB)" if is_text else f"iif(typeof({cell}) = 'text', CAST({cell} AS BLOB), {cell})"


def _seal_all(table: str) -> str:
    if table in IN_ROW:
        return f"UPDATE {table} SET tag = row_tag_of_cells('{table}', {_cells(table, table)})"  # noqa: S608 - our own names
    return (
        f"INSERT INTO row_seals SELECT '{table}', {row_key(table, table)}, "  # noqa: S608 - names of our own tables
        f"row_tag_of_cells('{table}', {_cells(table, table)}) FROM {table}"
    )


@cache
def _trigger(table: str, change: RowChange) -> str:
    name, columns = f"'{table}'", ", ".join(sealed_columns(table))
    keys = ", ".join(_key_columns(table))
    old, new = (f"table_name = {name} AND row_key = {row_key(table, 'OLD')}", row_key(table, "NEW"))
    # What is changed may have been damaged, what is new was not.
    renewed = f"row_tag_renewed(CAST(tag AS BLOB), {name}, {_cells(table, 'OLD')}, {_cells(table, 'NEW')})"
    made = f"row_tag({name}, {_values(table, 'NEW')})"
    seal = f"INSERT OR REPLACE INTO row_seals VALUES ({name}, {new}, {made})"  # noqa: S608 - our own names
    seal_again = f"UPDATE row_seals SET tag = {renewed} WHERE {old}"  # noqa: S608 - our own names
    # Keys hardly ever change, and a tag that stays where it is costs half. Both triggers may fire, in any order.
    moved = f"WHEN {row_key(table, 'OLD')} <> {new}"
    seal_moved = f"UPDATE row_seals SET row_key = {new} WHERE {old}"  # noqa: S608 - our own names
    unseal = f"DELETE FROM row_seals WHERE {old}"  # noqa: S608 - our own names
    called, when, body = {
        RowChange.ADDS: ("seal", f"INSERT ON main.{table}", f"{seal}; {count_up(table)}"),
        RowChange.ALTERS: ("seal_again", f"UPDATE OF {columns} ON main.{table}", seal_again),
        RowChange.MOVES: ("seal_moved", f"UPDATE OF {keys} ON main.{table} {moved}", f"{seal_again}; {seal_moved}"),
        RowChange.REMOVES: ("unseal", f"DELETE ON main.{table}", f"{unseal}; {count_down(table)}"),
    }[change]
    return f"CREATE TEMP TRIGGER IF NOT EXISTS {called}_{table} AFTER {when} BEGIN {body}; END"
