"""Stores to prove, and values to put into them: each kind once with every field filled, once with as few as can be."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from typing_extensions import override

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.storage.postgres.place import PostgresPlace
from eztong.adapters.storage.postgres.store import PostgresStore
from eztong.adapters.storage.rounds.group_commit import Signing
from eztong.adapters.storage.sqlite.store import SqliteStore
from eztong.domain.codes.presentation_code import Method
from eztong.domain.identifiers import (
    AcceptanceId,
    BatchId,
    CodeId,
    DeviceId,
    GrantId,
    HolderId,
    PartnerId,
    RequestId,
    VerificationId,
)
from eztong.ports.keys import Keys
from eztong.ports.storage.store import Committed, Needs, Store, UnitOfWork, submitted

T = TypeVar("T")
ORIGIN = "eztong.example"
START = datetime(2026, 1, 15, 9, 30, 0, 123_000, tzinfo=UTC)
PATIENCE = 60.0


def at(seconds: float) -> datetime:
    """Return a moment so long after the start, in whole milliseconds."""
    return START + timedelta(milliseconds=round(seconds * 1000))


def make(prefix: str, number: int) -> str:
    """Return an id that sorts by ``number``."""
    return f"{prefix}_{number:026d}"


def holder_id(number: int = 1) -> HolderId:
    return HolderId(make("hld", number))


def device_id(number: int = 1) -> DeviceId:
    return DeviceId(make("dev", number))


def partner_id(number: int = 1) -> PartnerId:
    return PartnerId(make("ptn", number))


def code_id(number: int = 1) -> CodeId:
    return CodeId(make("cod", number))


def request_id(number: int = 1) -> RequestId:
    return RequestId(make("req", number))


def grant_id(number: int = 1) -> GrantId:
    return GrantId(make("grt", number))


def acceptance_id(number: int = 1) -> AcceptanceId:
    return AcceptanceId(make("acc", number))


def verification_id(number: int = 1) -> VerificationId:
    return VerificationId(make("vrf", number))


def batch_id(number: int = 1) -> BatchId:
    return BatchId(make("bat", number))


@dataclass(frozen=True, slots=True)
class Aside:
    """Runs statements with question marks for their values, and gives plain tuples."""

    run: Callable[[str, Sequence[object]], Any]

    def execute(self, sql: str, values: Sequence[object] = ()) -> int:
        """Change rows; return how many."""
        return int(self.run(sql, values).rowcount)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT."""
        return [tuple(one) for one in self.run(sql, values).fetchall()]


@dataclass(slots=True)
class World:
    """A store with the keys that sign its batches; ``commits`` counts the jobs of each commit."""

    keys: Keys
    opener: Callable[[World], Store]
    path: Path
    """The database file, or where one would lie: what is kept beside a database lies beside it."""

    url: str = ""
    """The address of the database, where it is on a server."""

    commits: list[int] = field(default_factory=list)
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        """Open the store."""
        self.store = self.opener(self)

    @contextmanager
    def aside(self) -> Iterator[Aside]:
        """Lend a connection of nobody's, which commits at the end."""
        if self.url:
            with psycopg.connect(self.url) as server:
                yield Aside(lambda sql, values: server.execute(sql.replace("?", "%s").encode(), values))
        else:
            with closing(sqlite3.connect(self.path)) as file, file:
                yield Aside(file.execute)

    @property
    def place(self) -> PostgresPlace:
        """Where the database is on its server."""
        return PostgresPlace(self.url, self.path.parent)

    def signing(self) -> Signing:
        """Return what the store needs to sign."""
        return Signing(keys=self.keys, clock=SystemClock(), entropy=SystemEntropy(), origin=ORIGIN)

    def note_commit(self, jobs: int, _seconds: float) -> None:
        """Count a commit."""
        self.commits.append(jobs)

    def reopen(self) -> Store:
        """Close the store and open it again."""
        self.store.close()
        self.store = self.opener(self)
        return self.store


class StoreOnLoop(SqliteStore):
    """A store whose rounds run on the event loop of another thread, as in the server."""

    def __init__(self, world: World) -> None:
        super().__init__(world.path, world.signing(), on_commit=world.note_commit)
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._ready = threading.Event()
        self._host = threading.Thread(target=self._serve)
        self._host.start()
        assert self._ready.wait(PATIENCE)

    @override
    def close(self) -> None:
        if self._host.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._host.join(PATIENCE)
            self._loop.close()
        super().close()

    def _serve(self) -> None:
        self._loop.run_until_complete(self._until_stopped())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())

    async def _until_stopped(self) -> None:
        async with self.on_event_loop():
            self._ready.set()
            await self._stopping.wait()


def open_sqlite(world: World) -> Store:
    """Open the SQLite store at the world's path."""
    return SqliteStore(world.path, world.signing(), on_commit=world.note_commit)


def open_postgres(world: World) -> Store:
    """Open the PostgreSQL store at the world's address."""
    return PostgresStore(world.place, world.signing(), on_commit=world.note_commit)


# Another store joins by adding its opener, which gets an empty database of the current schema.
OPENERS: dict[str, Callable[[World], Store]] = {
    "postgres": open_postgres,
    "sqlite": open_sqlite,
    "sqlite-on-loop": StoreOnLoop,
}
ADAPTERS = ("sqlite", "postgres")
"""One opener of each adapter."""


def copy_of(template: Path, target: Path) -> Path:
    """Return an empty database of the current schema; migrating once and copying is quicker than migrating."""
    shutil.copyfile(template, target)
    return target


HOT = Needs(partner_id=PartnerId("nobody"), method=Method.QR, handles=(b"nothing",))
"""What some store takes for a job that may share a round with others."""


def together(store: Store, jobs: Sequence[Callable[[UnitOfWork], T]]) -> list[Future[Committed[T]]]:
    """Submit ``jobs`` while the writer is busy, so that they form one batch; return their futures."""
    started, gate = threading.Event(), threading.Event()

    def block(_uow: UnitOfWork) -> None:
        started.set()
        gate.wait(PATIENCE)

    blocker = submitted(store, block, needs=HOT)
    assert started.wait(PATIENCE)
    futures = [submitted(store, job, needs=HOT) for job in jobs]
    gate.set()
    blocker.result(PATIENCE)
    return futures


def each_in_a_thread(count: int, act: Callable[[int], T]) -> list[T]:
    """Run ``act`` in ``count`` threads that start at the same moment; return what each returned."""
    barrier, results, threads = threading.Barrier(count), dict[int, T](), []

    def run(number: int) -> None:
        barrier.wait(PATIENCE)
        results[number] = act(number)

    for number in range(count):
        threads.append(threading.Thread(target=run, args=(number,)))
        threads[-1].start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(results) == count
    return [results[number] for number in range(count)]


def in_turn(*jobs: Callable[[UnitOfWork], object]) -> Callable[[UnitOfWork], None]:
    """Return one job that does several."""

    def do_all(uow: UnitOfWork) -> None:
        for job in jobs:
            job(uow)

    return do_all


def setting(name: str, value: str = "there") -> Callable[[UnitOfWork], None]:
    """Return a job that leaves a visible trace."""
    return lambda uow: uow.settings.set(name, value)


def read_setting(store: Store, name: str) -> str | None:
    """Return the trace, as any reader sees it."""
    with store.read() as stored:
        return stored.settings.get(name)
