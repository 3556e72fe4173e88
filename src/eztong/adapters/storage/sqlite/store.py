"""The SQLite store: one writer with group commit, a reading connection for each thread."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import structlog
from typing_extensions import override

from eztong.adapters.keys.private_files import FolderLocked
from eztong.adapters.storage.beside.marker import Marker
from eztong.adapters.storage.beside.marks import mark_of, read_marks
from eztong.adapters.storage.rounds.drivers import Driver, DriverEnd, LoopDriver, ThreadDriver
from eztong.adapters.storage.rounds.group_commit import GroupCommit, LeftOut, Observer, Signing
from eztong.adapters.storage.rounds.waiting_threads import WaitingThreads
from eztong.adapters.storage.sql.served import DRAIN_SECONDS, ServedStore
from eztong.adapters.storage.sql.unit_of_work import SqlRepositories, SqlUnitOfWork
from eztong.adapters.storage.sqlite.connections import (
    connect_reader,
    connect_writer,
    database_over,
    empty_wal,
    raise_as_ours,
    restrict_file,
    told_as_ours,
)
from eztong.adapters.storage.sqlite.place import FilePlace
from eztong.adapters.storage.sqlite.row_seals import RowSeals
from eztong.adapters.storage.sqlite.table_watch import TableWatch
from eztong.adapters.storage.sqlite.transaction import SqliteTransaction
from eztong.domain.errors import Unavailable
from eztong.ports.keys import Keys
from eztong.ports.storage.partners.partners import RememberedKey
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import Committed, Done, Job, Needs, UnitOfWork, submitted

T = TypeVar("T")
FRESH_SECONDS: Final = 5.0
"""How long the last commit speaks for the store; then health is asked by a write of its own."""

RECALL_SECONDS: Final = 1.0
"""How long after a round its memory of keys serves calls that have not had a round of their own."""

PROBE_SECONDS: Final = 2.0
"""How long that write may take in a healthy store."""

PROBE_SETTING: Final = "store_probe"
_log = structlog.get_logger(__name__)


def _ignore(*_seen: object) -> None:
    """Observe nothing."""


class SqliteStore(ServedStore):
    """A store over one SQLite file. Exactly one serving process writes to it; short commands may join in."""

    def __init__(
        self, path: Path, signing: Signing, *, on_commit: Observer = _ignore, on_left_out: LeftOut = _ignore
    ) -> None:
        """Open ``path``, whose schema must be current.

        Raises:
            Unavailable, DatabaseDamaged: the file cannot be opened.
        """
        self._path = path
        restrict_file(path)
        connection, watch = _watched(path, signing.keys)
        self._place = FilePlace(path)
        transaction, mark = SqliteTransaction(connection, watch), mark_of(path)
        self._uow = SqlUnitOfWork(
            database_over(connection, seals=watch),
            version=transaction.version,
            read_marks=partial(read_marks, mark),
            ends_round=transaction.ends_round,
        )
        self._commit = GroupCommit(transaction, self._uow, signing, on_left_out=on_left_out)
        self._marker = Marker(mark, lambda: self._uow.chain.newest_notes)
        self._observer = on_commit
        self._driver: Driver = ThreadDriver(self._commit, on_commit)
        self._threads = WaitingThreads()
        self._local = threading.local()
        self._readers: weakref.WeakSet[_Reader] = weakref.WeakSet()
        self._closed = False
        self._gate = threading.Lock()
        self._stopped = DriverEnd()

    @override
    @asynccontextmanager
    async def on_event_loop(self, *, drain_seconds: float = DRAIN_SECONDS) -> AsyncIterator[None]:
        await asyncio.to_thread(self._driver.close)
        driver = LoopDriver(self._commit, self._observer, asyncio.get_running_loop())
        self._driver = driver
        try:
            yield
        finally:
            await driver.drain(drain_seconds)
            self._stopped = driver.close()
            if self._stopped.refused or not self._stopped.is_free:
                _log.error("stopped_with_writes_undone", writes=self._stopped.refused)
            if self._stopped.is_free:
                self._driver = ThreadDriver(self._commit, self._observer)

    @override
    def submit(self, job: Job[T], done: Done[T], *, needs: Needs | None = None) -> None:
        self._driver.submit(job, done, needs=needs)

    @override
    def write(self, job: Job[T]) -> Committed[T]:
        return self._threads.write(job, self._driver)

    @override
    def recall_key(self, key_hash: bytes) -> RememberedKey | None:
        # Another process may have changed it, and only the start of a round would show that.
        is_fresh = self._commit.seconds_since_look() < RECALL_SECONDS
        return self._uow.partners.remembered_key(key_hash) if is_fresh else None

    @override
    def read(self) -> AbstractContextManager[Repositories]:
        return _Reading(self)

    @override
    @contextmanager
    def snapshot(self) -> Iterator[Repositories]:
        with told_as_ours():
            reader = self.reader()
            with reader.one_state():
                yield reader.repositories

    @override
    def check_health(self) -> None:
        self._place.check()
        if not self._driver.is_running:
            raise Unavailable("The writer has stopped.")
        if self._commit.idle_seconds() > FRESH_SECONDS or self._commit.has_failed:
            self._probe()
        self._commit.check_last()

    @override
    def close(self) -> None:
        self._driver.close()
        if self._stopped.is_free:
            self._commit.close()
        with suppress(OSError, FolderLocked):
            self._marker.write()
        with self._gate:
            self._closed = True
            for reader in list(self._readers):
                reader.close()

    @override
    def is_in_place(self) -> bool:
        return self._place.is_kept()

    @override
    def keep_mark(self) -> bool:
        return self._marker.write_if_due()

    @override
    def forget_overwritten(self) -> bool:
        return empty_wal(self._path)

    def _probe(self) -> None:
        self._driver.check_may_wait()
        probe = submitted(self, _write_probe)
        try:
            failure = probe.exception(PROBE_SECONDS)
        except TimeoutError:
            raise Unavailable("A write has been waiting for more than two seconds.") from None
        if failure is not None:
            raise failure

    def reader(self) -> _Reader:
        """Return the calling thread's reading connection."""
        if self._closed:
            raise Unavailable("The service is stopping.")
        reader: _Reader | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._local.reader = _Reader(self._path)
            with self._gate:
                self._readers.add(reader)
        return reader


class _Reading(AbstractContextManager[Repositories]):
    """The repositories of the calling thread. A class, since it is entered several times for each request."""

    __slots__ = ("_store",)

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    @override
    def __enter__(self) -> Repositories:
        try:
            return self._store.reader().repositories
        except sqlite3.Error as error:
            raise_as_ours(error)
            raise

    @override
    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        raise_as_ours(error)


class _Reader:
    """A thread's reading connection; it is closed when its thread ends, or with the store."""

    def __init__(self, path: Path) -> None:
        self._connection = connect_reader(path, may_wait=not _is_on_loop())
        self._depth = 0
        self.repositories: Repositories = SqlRepositories(database_over(self._connection))
        self.close = weakref.finalize(self, self._connection.close)

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """Let every statement inside see the state that the first one saw; one inside another joins it."""
        if self._depth == 0:
            self._connection.execute("BEGIN DEFERRED")
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._depth == 0 and self._connection.in_transaction:
                self._connection.execute("COMMIT")


def _watched(path: Path, keys: Keys) -> tuple[sqlite3.Connection, TableWatch]:
    connection = connect_writer(path)
    try:
        with told_as_ours():
            return connection, TableWatch(connection, RowSeals(keys))
    except BaseException:
        connection.close()
        raise


def _is_on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _write_probe(uow: UnitOfWork) -> None:
    uow.settings.set(PROBE_SETTING, "written")
