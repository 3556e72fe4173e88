"""When the triggers that keep tags and counts are laid: each before the first change on a connection that needs it.

There are four of them for each of some seventy tables, and SQLite reads them all twice: to lay them all takes as long
as everything else that a short command does. A trigger that was laid in a transaction goes with what it undoes, and is
laid again before the next one: to lose one time and again would let SQLite read all of them again each time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from typing_extensions import override

from eztong.adapters.storage.sql.changes import Touch
from eztong.adapters.storage.sql.statements import Seals
from eztong.adapters.storage.sqlite.row_seals import RowSeals, counted_tables, counted_touches


class TableWatch(Seals):
    """Keeps the tags of what one connection changes. Used by one thread at a time."""

    def __init__(self, connection: sqlite3.Connection, seals: RowSeals) -> None:
        """Offer what the triggers ask for, and count the tables that are new.

        Raises:
            sqlite3.Error: the file cannot be read or written.
        """
        self._connection: Final = connection
        self._seals: Final = seals
        self._not_laid = set(counted_touches())
        self._may_be_undone: set[Touch] = set()
        self._undone: set[Touch] = set()
        seals.offer(connection)
        seals.counts.lay_missing(connection, counted_tables())

    @override
    def tag_of(self, table: str, row: Mapping[str, Any]) -> bytes:
        return self._seals.tag_of(table, row)

    @override
    def before_change(self, touches: frozenset[Touch]) -> None:
        if self._not_laid.isdisjoint(touches):
            return
        for touch in touches & self._not_laid:
            self._seals.lay(self._connection, touch)
            self._not_laid.remove(touch)
            if self._connection.in_transaction:
                self._may_be_undone.add(touch)

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
        self.before_change(frozenset(self._undone))
        self._undone.clear()

    def after_commit(self) -> None:
        """Hear that what was done in the transaction stays."""
        self._may_be_undone.clear()
