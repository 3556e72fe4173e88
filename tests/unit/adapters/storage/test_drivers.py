"""A round always ends and never waits on the loop: whatever fails, its callers hear of it and the next one begins."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from typing_extensions import override

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import create_keyring
from eztong.adapters.storage.beside.marks import mark_of, read_marks
from eztong.adapters.storage.rounds.drivers import Driver, LoopDriver, ThreadDriver
from eztong.adapters.storage.rounds.group_commit import GroupCommit, Observer, Round, Signing, TwoRounds, Waiting
from eztong.adapters.storage.rounds.transaction import OutcomeUnknown
from eztong.adapters.storage.sql.unit_of_work import SqlUnitOfWork
from eztong.adapters.storage.sqlite.connections import database_over
from eztong.adapters.storage.sqlite.transaction import SqliteTransaction
from eztong.domain.errors import StateConflict, Unavailable
from eztong.ports.keys import Keys
from eztong.ports.storage.store import Committed, Job, UnitOfWork, submitted
from tests.simulators.quick_files import new_database

PATIENCE = 60.0
SHORT = 0.3


class Faulty(sqlite3.Connection):
    """A connection that fails at a statement as often as it is told to."""

    fail_at: str = ""
    times: int = 0
    seen: int = 0

    @override
    def execute(self, sql: str, parameters: object = (), /) -> sqlite3.Cursor:
        if self.fail_at and self.times and sql.startswith(self.fail_at):
            self.times -= 1
            self.seen += 1
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error
        return super().execute(sql, parameters)  # type: ignore[arg-type]  # whatever the statements bind


@dataclass
class Bench:
    """A driver of one kind over a connection that can be made to fail."""

    kind: str
    path: Path
    keys: Keys
    connection: Faulty
    observed: list[int] = field(default_factory=list)
    broken_observer: bool = False

    def observer(self, jobs: int, _seconds: float) -> None:
        self.observed.append(jobs)
        if self.broken_observer:
            raise RuntimeError("an observer that fails")

    def commit(self) -> GroupCommit:
        signing = Signing(keys=self.keys, clock=SystemClock(), entropy=SystemEntropy(), origin="eztong.example")
        transaction = SqliteTransaction(self.connection)
        uow = SqlUnitOfWork(
            database_over(self.connection),
            version=transaction.version,
            read_marks=partial(read_marks, mark_of(self.path)),
            ends_round=transaction.ends_round,
        )
        return GroupCommit(transaction, uow, signing)

    @contextmanager
    def driver(self, *, lock_seconds: float = 10.0) -> Iterator[Driver]:
        """Run the driver, a loop's on a loop in a thread of its own."""
        commit, observer = self.commit(), self.observer
        if self.kind == "thread":
            made: Driver = ThreadDriver(commit, observer, lock_seconds=lock_seconds)
            try:
                yield made
            finally:
                made.close()
            return
        with looped(commit, observer, lock_seconds) as loop_driver:
            yield loop_driver

    def stored(self, name: str) -> str | None:
        with closing(sqlite3.connect(self.path)) as other:
            row = other.execute("SELECT value FROM service_settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])


@contextmanager
def looped(commit: GroupCommit, observer: Observer, lock_seconds: float) -> Iterator[LoopDriver]:
    """Give a driver on a loop that beats; stop both."""
    loop, ready, ended = asyncio.new_event_loop(), Future[LoopDriver](), Future[None]()
    stopping = asyncio.Event()

    async def main() -> None:
        driver = LoopDriver(commit, observer, asyncio.get_running_loop(), lock_seconds=lock_seconds)
        ready.set_result(driver)
        await stopping.wait()
        await driver.drain(PATIENCE)
        driver.close()

    def run() -> None:
        loop.run_until_complete(main())
        loop.close()
        ended.set_result(None)

    threading.Thread(target=run).start()
    try:
        yield ready.result(PATIENCE)
    finally:
        loop.call_soon_threadsafe(stopping.set)
        ended.result(PATIENCE)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("ring")
    now = SystemClock().now()
    return create_keyring(folder / "keyring.json", folder / "root.key", entropy=SystemEntropy(), now=now)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return new_database(tmp_path_factory.mktemp("template") / "eztong.db").read_bytes()


@pytest.fixture(params=["loop", "thread"])
def bench(request: pytest.FixtureRequest, keys: Keys, template: bytes, tmp_path: Path) -> Iterator[Bench]:
    path = tmp_path / "eztong.db"
    path.write_bytes(template)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Faulty)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA busy_timeout = 0")
    yield Bench(request.param, path, keys, connection)
    connection.close()


def trace(name: str) -> Job[None]:
    return lambda uow: uow.settings.set(name, "there")


def attested(uow: UnitOfWork) -> None:
    uow.settings.set("attested", "there")
    uow.attest(b"a document")


def write_then_fail(uow: UnitOfWork) -> None:
    uow.settings.set("half", "there")
    raise StateConflict("This job fails after writing.")


def outcome(future: Future[Committed[None]]) -> str:
    error = future.exception(PATIENCE)
    return "done" if error is None else type(error).__name__


@pytest.mark.parametrize(
    ("statement", "job"),
    [
        ("BEGIN", trace("x")),
        ("PRAGMA data_version", trace("x")),
        ("INSERT", trace("x")),
        ("INSERT INTO batches", attested),
        ("COMMIT", trace("x")),
        ("ROLLBACK", write_then_fail),
        ("SAVEPOINT", write_then_fail),
        ("ROLLBACK TO", write_then_fail),
        ("RELEASE", write_then_fail),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_disk_error_at_any_statement_ends_the_round_and_the_next_one_begins(
    bench: Bench, statement: str, job: Job[None]
) -> None:
    with bench.driver() as driver:
        bench.connection.fail_at, bench.connection.times = statement, 1
        assert outcome(submitted(driver, job)) == ("OutcomeUnknown" if statement == "COMMIT" else "Unavailable")
        assert bench.connection.seen == 1
        assert outcome(submitted(driver, trace("after"))) == "done"
    assert (bench.stored("x"), bench.stored("half"), bench.stored("after")) == (None, None, "there")


@pytest.mark.parametrize("fail_at", ["BEGIN", "INSERT", "COMMIT"])
def test_nothing_was_written_is_said_only_where_it_is_certain(bench: Bench, fail_at: str) -> None:
    """A commit that fails may have reached the disk all the same: which, only the next look tells."""
    with bench.driver() as driver:
        assert outcome(submitted(driver, trace("before"))) == "done"
        bench.connection.fail_at, bench.connection.times = fail_at, 3
        errors = [submitted(driver, trace("x")).exception(PATIENCE) for _ in range(2)]
        assert bench.connection.seen
    first = errors[0]
    assert isinstance(first, Unavailable)
    assert errors[0] is not errors[1]
    assert isinstance(first, OutcomeUnknown) == (fail_at == "COMMIT")
    assert ("nothing was written" in first.detail) == (fail_at != "COMMIT")


def test_commit_and_rollback_may_both_fail(bench: Bench) -> None:
    """As a full disk does: what was half done is undone before anything else is written."""
    with bench.driver() as driver:
        future = submitted(driver, write_then_fail)
        bench.connection.fail_at, bench.connection.times = "ROLLBACK", 3
        outcome(future)
        for _ in range(5):
            outcome(submitted(driver, write_then_fail))
        bench.connection.times = 0
        assert outcome(submitted(driver, trace("after"))) == "done"
    assert (bench.stored("half"), bench.stored("after")) == (None, "there")


@pytest.mark.parametrize("stop", [SystemExit, KeyboardInterrupt, MemoryError, RecursionError])
def test_whatever_a_job_raises_reaches_somebody(bench: Bench, stop: type[BaseException]) -> None:
    def job(_uow: UnitOfWork) -> None:
        raise stop

    with bench.driver() as driver:
        assert submitted(driver, job).exception(PATIENCE) is not None
        assert outcome(submitted(driver, trace("after"))) == "done"


def test_a_wrong_statement_belongs_to_its_job_and_says_what_it_is(bench: Bench) -> None:
    def wrong(_uow: UnitOfWork) -> None:
        bench.connection.execute("SELECT no_such_column FROM service_settings")

    with bench.driver() as driver:
        futures = [submitted(driver, job) for job in (trace("before"), wrong, trace("after"))]
        assert [outcome(future) for future in futures] == ["done", "OperationalError", "done"]
        assert "no_such_column" in str(futures[1].exception(PATIENCE))


def test_an_observer_that_fails_stops_nobody(bench: Bench) -> None:
    bench.broken_observer = True
    with bench.driver() as driver:
        assert outcome(submitted(driver, trace("x"))) == "done"
        assert outcome(submitted(driver, trace("y"))) == "done"
    assert len(bench.observed) >= 1


def test_the_next_round_begins_when_keys_fail(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench.driver() as driver:
        with monkeypatch.context() as patch:
            patch.setattr(type(bench.keys), "sign", lambda *_: 1 / 0)
            assert outcome(submitted(driver, attested)) == "Unavailable"
        assert outcome(submitted(driver, attested)) == "done"


class GateThatLetsIn:
    """A driver's gate: as soon as it is left with nobody waiting, somebody comes on another thread."""

    def __init__(self, loop: threading.Thread, come: Callable[[], None]) -> None:
        self._gate = threading.Lock()
        self._loop = loop
        self._come = come

    def __enter__(self) -> None:
        self._gate.acquire()

    def __exit__(self, *_: object) -> None:
        self._gate.release()
        if threading.current_thread() is self._loop:
            visitor = threading.Thread(target=self._come)
            visitor.start()
            visitor.join(PATIENCE)


@pytest.mark.parametrize("bench", ["loop"], indirect=True)
def test_whoever_comes_as_a_round_ends_sets_off_one_round_only(bench: Bench) -> None:
    """Two at once undo one another, and the answer to one of them would be a lie."""
    came: list[tuple[str, Future[Committed[None]]]] = []

    def first(_uow: UnitOfWork) -> None:
        driver._gate = GateThatLetsIn(threading.current_thread(), come)  # type: ignore[assignment]  # noqa: SLF001

    def come() -> None:
        if len(came) < 20:
            name = f"visit-{len(came)}"
            came.append((name, submitted(driver, trace(name))))

    with bench.driver() as made:
        assert isinstance(made, LoopDriver)
        driver = made
        assert outcome(submitted(driver, first)) == "done"
        assert [outcome(future) for _, future in came] == ["done"] * len(came)
    assert came
    assert [bench.stored(name) for name, _ in came] == ["there"] * len(came)


def test_a_round_within_another_is_refused_and_undoes_nothing(bench: Bench) -> None:
    commit, told = bench.commit(), Future[Committed[None] | Exception]()
    first, second = Round([Waiting(trace("x"), told.set_result)]), Round()
    assert commit.begin(first)
    assert commit.run(first)
    assert commit.begin(second)
    assert isinstance(second.failure, TwoRounds)
    commit.tell(second, bench.observer)
    commit.finish(first)
    commit.tell(first, bench.observer)
    assert told.done()
    assert bench.stored("x") == "there"


@contextmanager
def locked(path: Path) -> Iterator[sqlite3.Connection]:
    """Hold the write lock, as another process would."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other
        if other.in_transaction:
            other.execute("ROLLBACK")


def test_a_write_waits_for_the_lock_and_is_done_when_it_is_free(bench: Bench) -> None:
    with bench.driver() as driver, locked(bench.path) as other:
        future = submitted(driver, trace("x"))
        time.sleep(0.05)  # proves nothing by itself: the write must not be done whenever one looks
        assert not future.done()
        other.execute("ROLLBACK")
        assert outcome(future) == "done"
    assert bench.stored("x") == "there"


def test_a_write_that_waits_too_long_for_the_lock_is_refused_and_not_there(bench: Bench) -> None:
    with bench.driver(lock_seconds=SHORT) as driver:
        with locked(bench.path):
            refused = submitted(driver, trace("x"))
            error = refused.exception(PATIENCE)
            assert isinstance(error, Unavailable)
            assert "keeps the database locked" in error.detail
        assert outcome(submitted(driver, trace("after"))) == "done"
    assert (bench.stored("x"), bench.stored("after")) == (None, "there")


def test_the_lock_may_be_lost_between_two_tries_of_a_round(bench: Bench) -> None:
    """A round that is run again gives the lock up for a moment; whoever takes it then is waited for."""
    with (
        closing(sqlite3.connect(bench.path, isolation_level=None, check_same_thread=False)) as other,
        bench.driver() as driver,
    ):
        taken = threading.Event()

        def fail_and_let_in(uow: UnitOfWork) -> None:
            uow.settings.set("half", "there")
            if not taken.is_set():
                bench.connection.execute("ROLLBACK")
                other.execute("BEGIN IMMEDIATE")
                bench.connection.execute("BEGIN DEFERRED")
                taken.set()
            raise StateConflict("This job fails after writing.")

        future = submitted(driver, fail_and_let_in)
        assert taken.wait(PATIENCE)
        other.execute("ROLLBACK")
        assert outcome(future) == "StateConflict"
        assert outcome(submitted(driver, trace("after"))) == "done"


@pytest.mark.parametrize("bench", ["loop"], indirect=True)
def test_the_loop_goes_on_while_a_write_waits_for_the_lock(bench: Bench) -> None:
    async def beat_while_locked() -> float:
        driver = LoopDriver(bench.commit(), bench.observer, asyncio.get_running_loop(), lock_seconds=SHORT)
        longest, future = 0.0, submitted(driver, trace("x"))
        while not future.done():
            started = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - started)
        driver.close()
        assert outcome(future) == "Unavailable"
        return longest

    with locked(bench.path):
        assert asyncio.run(beat_while_locked()) < SHORT / 2
