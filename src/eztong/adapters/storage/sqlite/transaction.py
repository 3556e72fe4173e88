"""The transaction of a round on SQLite's writing connection."""

from __future__ import annotations

import sqlite3

from typing_extensions import override

from eztong.adapters.storage.rounds.transaction import Transaction
from eztong.adapters.storage.sqlite.connections import is_locked, is_store_failure
from eztong.adapters.storage.sqlite.table_watch import TableWatch


class SqliteTransaction(Transaction):
    """BEGIN IMMEDIATE to COMMIT on a connection of :func:`connect_writer`, which waits for no lock."""

    def __init__(self, connection: sqlite3.Connection, watch: TableWatch | None = None) -> None:
        """Own ``connection``; ``watch`` hears of every end of a transaction."""
        self._connection = connection
        self._watch = watch

    @override
    def begin(self) -> bool:
        try:
            self.undo()
            if self._watch is not None:
                self._watch.before_transaction()
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if is_locked(error):
                return False
            raise
        return True

    @override
    def commit(self) -> None:
        self._connection.execute("COMMIT")
        if self._watch is not None:
            self._watch.after_commit()

    @override
    def undo(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        # The database may have undone it by itself.
        self._tell_undone()

    @override
    def set_savepoint(self) -> None:
        self._connection.execute("SAVEPOINT job")

    @override
    def undo_to_savepoint(self) -> None:
        self._connection.execute("ROLLBACK TO job")
        self._tell_undone()

    @override
    def release_savepoint(self) -> None:
        self._connection.execute("RELEASE job")

    @override
    def is_spoiled(self) -> bool:
        # A statement that fails undoes itself alone.
        return False

    @override
    def is_store_failure(self, error: BaseException) -> bool:
        return is_store_failure(error)

    @override
    def ends_round(self, error: BaseException) -> bool:
        return is_store_failure(error) or not self._connection.in_transaction

    def _tell_undone(self) -> None:
        if self._watch is not None:
            self._watch.after_undo()

    def version(self) -> int:
        """Return a number that is another one once another connection has committed."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    @override
    def close(self) -> None:
        self._connection.close()
