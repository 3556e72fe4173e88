"""Reading connections: a few that threads share, each for as long as it reads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from psycopg.pq import TransactionStatus
from typing_extensions import override

from eztong.adapters.storage.postgres.connections import PostgresConnection, database_over, raise_as_ours
from eztong.adapters.storage.sql.unit_of_work import SqlRepositories
from eztong.domain.errors import Unavailable
from eztong.ports.storage.repositories import Repositories

MOST_READERS: Final = 8
WAIT_SECONDS: Final = 10.0
"""How long a thread waits for a connection that others read with."""


class Readers:
    """The reading connections of a store. A thread that reads within a reading goes on with the same one."""

    def __init__(self, url: str, *, most: int = MOST_READERS) -> None:
        """Read from the database at ``url``, with at most so many connections beside those of event loops."""
        self._url = url
        self._places = threading.Semaphore(most)
        self._idle: list[_Reader] = []
        self._local = threading.local()
        self._gate = threading.Lock()
        self._closed = False

    def reading(self) -> AbstractContextManager[Repositories]:
        """Open the repositories for reading; each statement sees the newest committed state."""
        return _Reading(self)

    @contextmanager
    def snapshot(self) -> Iterator[Repositories]:
        """Open the repositories for reading one state."""
        with _Reading(self) as repositories:
            reader: _Reader = self._local.reader
            with reader.one_state():
                yield repositories

    def close(self) -> None:
        """Close what nobody reads with; what is read with is closed when it is given back."""
        with self._gate:
            self._closed = True
            idle, self._idle = self._idle, []
        for reader in idle:
            reader.connection.close()

    def enter(self) -> SqlRepositories:
        """Return the repositories of the calling thread's reading, which begins if there is none.

        Raises:
            Unavailable: all connections are in use, or the server cannot be reached.
        """
        reader: _Reader | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._take()
            try:
                reader.connection.open()
            except BaseException:
                self._give_back(reader)
                raise
            self._local.reader = reader
        reader.depth += 1
        return reader.repositories

    def leave(self) -> None:
        """End what :meth:`enter` began."""
        reader: _Reader = self._local.reader
        reader.depth -= 1
        if reader.depth == 0:
            self._local.reader = None
            self._give_back(reader)

    def _take(self) -> _Reader:
        # An event loop waits for nobody: it has a connection more.
        holds_place = not _is_on_loop()
        if holds_place and not self._places.acquire(timeout=WAIT_SECONDS):
            raise Unavailable("All connections for reading are in use.")
        with self._gate:
            is_closed, reader = self._closed, self._idle.pop() if self._idle else None
        if is_closed:
            if holds_place:
                self._places.release()
            raise Unavailable("The service is stopping.")
        if reader is not None and reader.connection.is_stale:
            reader.connection.close()
            reader = None
        reader = reader or _Reader(self._url)
        reader.holds_place = holds_place
        return reader

    def _give_back(self, reader: _Reader) -> None:
        with self._gate:
            is_kept = not self._closed and reader.connection.status is TransactionStatus.IDLE
            if is_kept:
                self._idle.append(reader)
        if not is_kept:
            reader.connection.close()
        if reader.holds_place:
            self._places.release()


class _Reader:
    """A reading connection and who has it."""

    def __init__(self, url: str) -> None:
        self.connection = PostgresConnection(url, read_only=True)
        self.repositories = SqlRepositories(database_over(self.connection))
        self.depth = 0
        self.holds_place = False

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """Let every statement inside see the state that the first one saw; one inside another joins it."""
        is_first = self.connection.status is TransactionStatus.IDLE
        if is_first:
            self.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            if is_first and self.connection.status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}:
                self.connection.execute("ROLLBACK")


class _Reading(AbstractContextManager[Repositories]):
    """The repositories of the calling thread. A class, since it is entered several times for each request."""

    __slots__ = ("_readers",)

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    @override
    def __enter__(self) -> Repositories:
        try:
            return self._readers.enter()
        except Exception as error:
            raise_as_ours(error)
            raise

    @override
    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._readers.leave()
        raise_as_ours(error)


def _is_on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
