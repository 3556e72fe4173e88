"""The SQLite store: one writer with group commit, a reading connection for each thread."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TypeVar, cast

from typing_extensions import override

from eztong.adapters.storage.drivers import Driver, LoopDriver, ThreadDriver
from eztong.adapters.storage.group_commit import GroupCommit, Observer, Signing
from eztong.adapters.storage.marker import Marker
from eztong.adapters.storage.marks import mark_of
from eztong.adapters.storage.row_seals import RowSeals
from eztong.adapters.storage.sqlite import connect, database_over, restrict_file
from eztong.adapters.storage.unit_of_work import SqlRepositories, SqlUnitOfWork
from eztong.domain.errors import Unavailable
from eztong.ports.repositories import Repositories
from eztong.ports.storage import Committed, Store, UnitOfWork

T = TypeVar("T")


def _ignore(_jobs: int, _seconds: float) -> None:
    """Observe nothing."""


class SqliteStore(Store):
    """A store over one SQLite file. Exactly one serving process writes to it; short commands may join in."""

    def __init__(self, path: Path, signing: Signing, *, on_commit: Observer = _ignore) -> None:
        """Open ``path``, whose schema must be current.

        Raises:
            Unavailable: the file cannot be opened.
        """
        self._path = path
        restrict_file(path)
        connection = connect(path)
        RowSeals(signing.keys).watch(connection)
        self._uow = SqlUnitOfWork(database_over(connection), mark=mark_of(path))
        self._commit = GroupCommit(connection, self._uow, signing)
        self._marker = Marker(mark_of(path), lambda: self._uow.chain.newest_note)
        self._observer = on_commit
        self._driver: Driver = ThreadDriver(self._commit, on_commit)
        self._local = threading.local()
        self._readers: weakref.WeakSet[_Reader] = weakref.WeakSet()
        self._closed = False
        self._gate = threading.Lock()

    @asynccontextmanager
    async def on_event_loop(self) -> AsyncIterator[None]:
        """Run rounds on the current event loop while the block lasts; nothing accepted is lost on either change."""
        await asyncio.to_thread(self._driver.close)
        driver = LoopDriver(self._commit, self._observer, asyncio.get_running_loop())
        self._driver = driver
        try:
            yield
        finally:
            await driver.drain()
            driver.close()
            self._driver = ThreadDriver(self._commit, self._observer)

    @override
    def submit(self, job: Callable[[UnitOfWork], T]) -> Future[Committed[T]]:
        return cast("Future[Committed[T]]", self._driver.submit(job))

    @override
    def write(self, job: Callable[[UnitOfWork], T]) -> Committed[T]:
        return self.submit(job).result()

    @override
    @contextmanager
    def read(self) -> Iterator[Repositories]:
        yield self._reader()

    @override
    def check_health(self) -> None:
        if not self._driver.is_running:
            raise Unavailable("The writer has stopped.")
        with self.read() as stored:
            stored.queues.setting("mode")

    @override
    def close(self) -> None:
        self._driver.close()
        self._commit.close()
        with suppress(OSError):
            self._marker.write()
        with self._gate:
            self._closed = True
            for reader in list(self._readers):
                reader.close()

    def keep_mark(self) -> bool:
        """Write the mark beside the database, at most once a second; return whether it was written.

        Not for use on an event loop or in a unit of work.

        Raises:
            OSError: it cannot be written.
        """
        return self._marker.write_if_due()

    def _reader(self) -> Repositories:
        if self._closed:
            raise Unavailable("The service is stopping.")
        reader: _Reader | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._local.reader = _Reader(self._path)
            with self._gate:
                self._readers.add(reader)
        return reader.repositories


class _Reader:
    """A thread's reading connection; it is closed when its thread ends, or with the store."""

    def __init__(self, path: Path) -> None:
        connection = connect(path)
        connection.execute("PRAGMA query_only = ON")
        self.repositories: Repositories = SqlRepositories(database_over(connection))
        self.close = weakref.finalize(self, connection.close)
