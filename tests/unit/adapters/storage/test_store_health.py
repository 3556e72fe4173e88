"""Readiness is how the last commit ended; a stop has a limit; readers see one state where they ask for it."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from structlog.testing import capture_logs

from eztong.adapters.keys.private_files import FolderLocked
from eztong.adapters.storage.rounds.drivers import WaitsForItself
from eztong.adapters.storage.rounds.helper_thread import HelperThread
from eztong.adapters.storage.sqlite import store as store_module
from eztong.adapters.storage.sqlite.connections import WAL_LIMIT, connect_reader
from eztong.adapters.storage.sqlite.store import SqliteStore
from eztong.domain.errors import Unavailable
from eztong.ports.storage.store import UnitOfWork, submitted

PATIENCE = 60.0


def set_to(value: str, name: str = "x") -> Callable[[UnitOfWork], None]:
    return lambda uow: uow.settings.set(name, value)


def failing(_uow: UnitOfWork) -> None:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise error


def test_one_failed_commit_ends_readiness_and_a_good_one_brings_it_back(store: SqliteStore, tmp_path: Path) -> None:
    store.check_health()
    with pytest.raises(Unavailable):
        store.write(failing)
    with closing(sqlite3.connect(tmp_path / "eztong.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            store.check_health()
        other.execute("ROLLBACK")
    store.write(set_to("1"))
    store.check_health()


def test_a_job_that_fails_by_itself_says_nothing_about_the_store(store: SqliteStore) -> None:
    with pytest.raises(ZeroDivisionError):
        store.write(lambda _uow: 1 // 0)
    store.check_health()


def test_an_idle_store_is_asked_by_a_write(store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "FRESH_SECONDS", -1.0)
    store.check_health()
    with store.read() as stored:
        assert stored.settings.get(store_module.PROBE_SETTING) == "written"
    monkeypatch.setattr(store_module, "PROBE_SECONDS", 0.1)
    with closing(sqlite3.connect(tmp_path / "eztong.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            store.check_health()
        other.execute("ROLLBACK")


def test_a_stop_with_the_lock_held_elsewhere_ends_and_says_what_was_not_done(
    store: SqliteStore, tmp_path: Path
) -> None:
    async def serve_and_stop() -> list[BaseException | None]:
        async with store.on_event_loop(drain_seconds=0.1):
            futures = [submitted(store, set_to(str(number))) for number in range(3)]
            await asyncio.sleep(0)
        return [future.exception(PATIENCE) for future in futures]

    with closing(sqlite3.connect(tmp_path / "eztong.db", isolation_level=None)) as other, capture_logs() as logs:
        other.execute("BEGIN IMMEDIATE")
        errors = asyncio.run(serve_and_stop())
        other.execute("ROLLBACK")
    assert [type(error) for error in errors] == [Unavailable] * 3
    assert [(line["event"], line["writes"]) for line in logs] == [("stopped_with_writes_undone", 3)]
    store.write(set_to("after"))


def test_a_stop_in_good_order_says_nothing_and_loses_nothing(store: SqliteStore) -> None:
    async def serve_and_stop() -> None:
        async with store.on_event_loop():
            for number in range(200):
                submitted(store, set_to("there", f"n{number}"))

    with capture_logs() as logs:
        asyncio.run(serve_and_stop())
    with store.read() as stored:
        assert {stored.settings.get(f"n{number}") for number in range(200)} == {"there"}
    assert logs == []


@pytest.mark.parametrize("wait", [lambda store: store.write(set_to("1")), lambda store: store.check_health()])
def test_whoever_waits_for_a_write_where_the_writes_run_is_told_at_once_and_nothing_hangs(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, wait: Callable[[SqliteStore], object]
) -> None:
    monkeypatch.setattr(store_module, "FRESH_SECONDS", -1.0)

    async def on_the_loop() -> None:
        async with store.on_event_loop():
            with pytest.raises(WaitsForItself):
                wait(store)
            await asyncio.to_thread(wait, store)

    asyncio.run(on_the_loop())
    with pytest.raises(WaitsForItself):
        store.write(lambda _uow: wait(store))
    wait(store)


def test_a_helper_that_hangs_does_not_hold_up_a_stop() -> None:
    hanging, helper = Event(), HelperThread("test")
    assert helper.submit(lambda: bool(hanging.wait(PATIENCE)))  # type: ignore[arg-type]  # what it returns is not looked at
    assert not helper.stop(0.05)
    assert not helper.submit(lambda: None)
    hanging.set()


def test_a_snapshot_is_one_state_and_others_write_meanwhile(store: SqliteStore) -> None:
    store.write(set_to("before"))
    with store.snapshot() as stored:
        assert stored.settings.get("x") == "before"
        store.write(set_to("after"))
        assert stored.settings.get("x") == "before"
        with store.snapshot() as inner:
            assert inner.settings.get("x") == "before"
    with store.read() as stored:
        assert stored.settings.get("x") == "after"


def test_the_wal_shrinks_back_after_a_long_reader(store: SqliteStore, tmp_path: Path) -> None:
    wal = tmp_path / "eztong.db-wal"
    with store.snapshot() as stored:
        stored.settings.get("x")
        for number in range(9):
            store.write(set_to(chr(65 + number) * (4 << 20)))
        assert wal.stat().st_size > WAL_LIMIT
    for number in range(9, 13):
        store.write(set_to(chr(65 + number) * (4 << 20)))
    assert wal.stat().st_size <= WAL_LIMIT


def test_forty_readers_together_cache_less_than_the_writer_and_its_map(store: SqliteStore, tmp_path: Path) -> None:
    store.write(set_to("1"))
    with closing(connect_reader(tmp_path / "eztong.db", may_wait=False)) as reader:
        kibibytes = -int(reader.execute("PRAGMA cache_size").fetchone()[0])
        assert 0 < kibibytes * 40 <= 256 * 1024
        assert reader.execute("PRAGMA busy_timeout").fetchone()[0] == 0
        with pytest.raises(sqlite3.OperationalError):
            reader.execute("DELETE FROM service_settings")


def test_a_folder_that_somebody_keeps_locked_does_not_hold_up_a_stop(store: SqliteStore, tmp_path: Path) -> None:
    store.write(lambda uow: uow.attest(b"{}"))
    handle = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(FolderLocked):
            store.keep_mark()
        began = monotonic()
        store.close()
        assert monotonic() - began < PATIENCE
    finally:
        os.close(handle)
