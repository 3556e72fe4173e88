"""A part of a job that is done apart fails alone: nothing of it stays, and what it was is told once it is durable."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import create_keyring
from eztong.adapters.storage.rounds.group_commit import Signing
from eztong.adapters.storage.sqlite.store import SqliteStore
from eztong.domain.errors import Unavailable
from eztong.ports.storage.store import UnitOfWork
from tests.simulators.quick_files import new_database

DOCUMENT = b'{"something":"done"}'


@dataclass(slots=True)
class Told:
    """A store, and what it told of parts that were left out."""

    store: SqliteStore
    parts: list[tuple[str, str]] = field(default_factory=list)

    def setting(self, name: str) -> str | None:
        with self.store.read() as stored:
            return stored.settings.get(name)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder: Path = tmp_path_factory.mktemp("parts")
    ring = create_keyring(
        folder / "ring" / "keyring.json",
        folder / "ring" / "root.key",
        entropy=SystemEntropy(),
        now=SystemClock().now(),
    )
    new_database(folder / "eztong.db")
    signing = Signing(keys=ring, clock=SystemClock(), entropy=SystemEntropy(), origin="eztong.example")
    parts: list[tuple[str, str]] = []
    store = SqliteStore(folder / "eztong.db", signing, on_left_out=lambda name, kind: parts.append((name, kind)))
    yield Told(store, parts)
    store.close()


@pytest.fixture(autouse=True)
def nothing_told(told: Told) -> None:
    told.parts.clear()


def test_a_part_that_succeeds_stays_with_the_rest(told: Told) -> None:
    def job(uow: UnitOfWork) -> bool:
        uow.settings.set("rest", "1")
        return uow.apart("telling", lambda: uow.settings.set("part", "1"))

    assert told.store.write(job).value
    assert (told.setting("rest"), told.setting("part")) == ("1", "1")
    assert told.parts == []


def test_a_part_that_fails_leaves_nothing_and_the_rest_is_kept(told: Told) -> None:
    def part(uow: UnitOfWork) -> None:
        uow.settings.set("rest", "of the part")
        uow.attest(DOCUMENT)
        raise ValueError

    def job(uow: UnitOfWork) -> tuple[bool, int]:
        uow.settings.set("rest", "2")
        is_done = uow.apart("telling", lambda: part(uow))
        return is_done, uow.attest(DOCUMENT).index

    committed = told.store.write(job)
    assert committed.value == (False, 0)
    assert committed.batch is not None
    assert told.setting("rest") == "2"
    assert told.parts == [("telling", "ValueError")]


def test_one_part_in_another_fails_alone_or_with_it(told: Told) -> None:
    def inner(uow: UnitOfWork) -> None:
        uow.settings.set("inner", "1")
        raise KeyError

    def outer(uow: UnitOfWork) -> None:
        uow.settings.set("outer", "1")
        assert not uow.apart("inner", lambda: inner(uow))

    def failing(uow: UnitOfWork) -> None:
        uow.apart("kept", lambda: uow.settings.set("kept", "1"))
        raise ValueError

    assert told.store.write(lambda uow: uow.apart("outer", lambda: outer(uow))).value
    assert not told.store.write(lambda uow: uow.apart("failing", lambda: failing(uow))).value
    assert [told.setting(name) for name in ("inner", "outer", "kept")] == [None, "1", None]
    assert told.parts == [("inner", "KeyError"), ("failing", "ValueError")]


def test_what_a_job_that_fails_left_out_is_not_told(told: Told) -> None:
    def job(uow: UnitOfWork) -> None:
        uow.settings.set("rest", "3")
        uow.apart("telling", lambda: int("no number"))
        raise Unavailable

    with pytest.raises(Unavailable):
        told.store.write(job)
    assert told.setting("rest") != "3"
    assert told.parts == []


def test_what_ends_the_round_is_no_failure_of_the_part(told: Told) -> None:
    def part() -> None:
        error = sqlite3.OperationalError("disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    with pytest.raises(Unavailable):
        told.store.write(lambda uow: uow.apart("telling", part))
    assert told.parts == []
