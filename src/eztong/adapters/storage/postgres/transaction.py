"""The transaction of a job or a round: SERIALIZABLE, so that what one does is as if it had been alone."""

from __future__ import annotations

from collections.abc import Callable

from psycopg.errors import InFailedSqlTransaction
from psycopg.pq import TransactionStatus
from typing_extensions import override

from eztong.adapters.storage.postgres.connections import PostgresConnection
from eztong.adapters.storage.postgres.sqlstates import is_of_store
from eztong.adapters.storage.rounds.transaction import Transaction

_OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)


class PostgresTransaction(Transaction):
    """BEGIN to COMMIT on a connection of its own, which is made anew when it was lost.

    All of it waits for the server, so it is used on threads that may wait, never on an event loop.
    """

    def __init__(self, connection: PostgresConnection, on_connect: Callable[[], None]) -> None:
        """Own ``connection``; ``on_connect`` is called, outside any transaction, each time that it was made anew."""
        self._connection = connection
        self._on_connect = on_connect

    @override
    def begin(self) -> bool:
        if self._connection.is_stale:
            self._connection.close()
        if self._connection.open():
            self._on_connect()
        self.undo()
        self._connection.execute("BEGIN ISOLATION LEVEL SERIALIZABLE")
        return True

    @override
    def commit(self) -> None:
        if self.is_spoiled():
            # The server would undo it and call that a success.
            raise InFailedSqlTransaction("a statement failed, and nobody went back behind it")
        try:
            self._connection.execute("COMMIT")
        except BaseException:
            # A connection that lost a commit says nothing about it any more.
            if self._connection.status is not TransactionStatus.IDLE:
                self._connection.close()
            raise

    @override
    def undo(self) -> None:
        status = self._connection.status
        if status in _OPEN:
            self._connection.execute("ROLLBACK")
        elif status is not TransactionStatus.IDLE:
            # Lost, or in the middle of a statement: the server undoes what was open when it sees the end.
            self._connection.close()

    @override
    def set_savepoint(self) -> None:
        self._connection.execute("SAVEPOINT job")

    @override
    def undo_to_savepoint(self) -> None:
        self._connection.execute("ROLLBACK TO SAVEPOINT job")

    @override
    def release_savepoint(self) -> None:
        self._connection.execute("RELEASE SAVEPOINT job")

    @override
    def is_spoiled(self) -> bool:
        return self._connection.status is TransactionStatus.INERROR

    @override
    def is_store_failure(self, error: BaseException) -> bool:
        return is_of_store(error)

    @override
    def ends_round(self, error: BaseException) -> bool:
        return is_of_store(error) or self._connection.status not in _OPEN

    @override
    def close(self) -> None:
        self._connection.close()
