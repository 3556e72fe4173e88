"""When the triggers that keep tags and counts are laid: for each table, before its first change on a connection.

There are four of them for each of some seventy tables, and SQLite reads them all twice: to lay them all takes as long
as everything else that a short command does. A trigger that was laid in a transaction goes with what it undoes, and is
laid again before the next one: to lose one time and again would let SQLite read all of them again each time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from typing_extensions import override

from eztong.adapters.storage.sql.statements import Seals
from eztong.adapters.storage.sqlite.row_seals import RowSeals, counted_tables


class TableWatch(Seals):
    """Keeps the tags of what one connection changes. Used by one thread at a time."""

    def __init__(self, connection: sqlite3.Connection, seals: RowSeals) -> None:
        """Offer what the triggers ask for, and count the tables that are new.

        Raises:
            sqlite3.Error: the file cannot be read or written.
        """
        self._connection: Final = connection
        self._seals: Final = seals
        self._not_laid = set(counted_tables())
        self._may_be_undone: set[str] = set()
        self._undone: set[str] = set()
        seals.offer(connection)
        seals.counts.lay_missing(connection, counted_tables())

    @override
    def tag_of(self, table: str, row: Mapping[str, Any]) -> bytes:
        return self._seals.tag_of(table, row)

    @override
    def before_change(self, table: str) -> None:
        if table in self._not_laid:
            self._seals.lay(self._connection, table)
            self._not_laid.remove(table)
            if self._connection.in_transaction:
                self._may_be_undone.add(table)

    @override
    def after_undo(self) -> None:
        self._not_laid |= self._may_be_undone
        self._undone |= self._may_be_undone
        self._may_be_undone.clear()

    def before_transaction(self) -> None:
        """Lay again what was undone: outside a transaction it stays.

        Raises:
            sqlite3.Error: another process keeps the file locked, or it cannot be read.
        """
        for table in self._undone & self._not_laid:
            self.before_change(table)
        self._undone.clear()

    def after_commit(self) -> None:
        """Hear that what was done in the transaction stays."""
        self._may_be_undone.clear()
