"""The SQLite store: one writer with group commit, a reading connection for each thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar, cast

from typing_extensions import override

from eztong.adapters.storage.sqlite import connect, database_over, restrict_file
from eztong.adapters.storage.unit_of_work import SqlRepositories, SqlUnitOfWork
from eztong.adapters.storage.writer import GroupCommitWriter, Signing
from eztong.domain.errors import Unavailable
from eztong.ports.repositories import Repositories
from eztong.ports.storage import Committed, Store, UnitOfWork

T = TypeVar("T")


def _ignore(_jobs: int, _seconds: float) -> None:
    """Observe nothing."""


class SqliteStore(Store):
    """A store over one SQLite file. Exactly one serving process writes to it; short commands may join in."""

    def __init__(self, path: Path, signing: Signing, *, on_commit: Callable[[int, float], None] = _ignore) -> None:
        """Open ``path``, whose schema must be current.

        Raises:
            Unavailable: the file cannot be opened.
        """
        self._path = path
        restrict_file(path)
        connection = connect(path)
        self._writer = GroupCommitWriter(
            connection, SqlUnitOfWork(database_over(connection)), signing, on_commit=on_commit
        )
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._gate = threading.Lock()

    @override
    def submit(self, job: Callable[[UnitOfWork], T]) -> Future[Committed[T]]:
        return cast("Future[Committed[T]]", self._writer.submit(job))

    @override
    def write(self, job: Callable[[UnitOfWork], T]) -> Committed[T]:
        return self.submit(job).result()

    @override
    @contextmanager
    def read(self) -> Iterator[Repositories]:
        yield self._reader()

    @override
    def check_health(self) -> None:
        if not self._writer.is_alive:
            raise Unavailable("The writer has stopped.")
        with self.read() as stored:
            stored.queues.setting("mode")

    @override
    def close(self) -> None:
        self._writer.close()
        with self._gate:
            for connection in self._readers:
                connection.close()
            self._readers.clear()

    def _reader(self) -> Repositories:
        reader = getattr(self._local, "reader", None)
        if reader is None:
            connection = connect(self._path)
            connection.execute("PRAGMA query_only = ON")
            with self._gate:
                self._readers.append(connection)
            reader = self._local.reader = SqlRepositories(database_over(connection))
        return cast("Repositories", reader)
