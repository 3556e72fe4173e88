"""Servers, commands and whoever exchanges the files keep each other off, also where the lock files were removed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from eztong.adapters.keys.folder_locks import Place, locked_file, standing
from eztong.cli.data.lock import (
    CommandRunning,
    FilesExchanged,
    ServerRunning,
    hold,
    hold_alone,
    looking,
    server_on,
    working,
)
from eztong.domain.errors import StateConflict
from eztong.wiring.starting import StartUnderWay, one_at_a_time
from tests.simulators.commands import Command, run_one

Held = Callable[[Path], AbstractContextManager[None]]
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has locks on a folder that nobody can remove")


def sweep(data: Path) -> None:
    """Remove every lock file, as a cleaner does."""
    for lock in data.glob("*.lock"):
        lock.unlink()


@contextmanager
def a_start(data: Path) -> Iterator[None]:
    with one_at_a_time(data, seconds=0.1):
        yield


REFUSALS: list[tuple[Held, Held, type[Exception]]] = [
    (hold, hold, ServerRunning),
    (hold, hold_alone, ServerRunning),
    (hold_alone, hold, ServerRunning),
    (hold_alone, hold_alone, ServerRunning),
    (working, hold_alone, CommandRunning),
    (looking, hold_alone, CommandRunning),
    (hold_alone, working, FilesExchanged),
    (hold_alone, looking, FilesExchanged),
    (a_start, a_start, StartUnderWay),
]


@linux
@pytest.mark.parametrize("swept", [False, True], ids=["as it is", "without lock files"])
@pytest.mark.parametrize(("one", "other", "refusal"), REFUSALS)
def test_who_comes_second_is_refused_until_the_first_is_done(
    tmp_path: Path, one: Held, other: Held, refusal: type[Exception], swept: bool
) -> None:
    with one(tmp_path):
        if swept:
            sweep(tmp_path)
        for _ in range(2):
            with pytest.raises(refusal), other(tmp_path):
                pass
    with other(tmp_path):
        pass


@pytest.mark.parametrize("one", [hold, working, looking])
@pytest.mark.parametrize("other", [working, looking])
def test_commands_and_a_server_work_side_by_side(tmp_path: Path, one: Held, other: Held) -> None:
    with one(tmp_path), other(tmp_path):
        pass


@linux
def test_a_server_is_seen_without_its_lock_file_and_only_its_address_is_gone(tmp_path: Path) -> None:
    assert server_on(tmp_path / "nothing") is None
    with hold(tmp_path, told="http://here"):
        assert server_on(tmp_path) == "http://here"
        sweep(tmp_path)
        assert server_on(tmp_path) == ""
    assert server_on(tmp_path) is None


def test_who_only_looks_makes_nothing(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nothing"):
        with looking(folder):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_on_a_file_that_was_removed_is_not_taken_for_the_one_that_lies_there(tmp_path: Path) -> None:
    path = tmp_path / "some.lock"
    with locked_file(path, seconds=0) as first:
        assert first is not None
        path.unlink()
        with locked_file(path, seconds=0) as second:
            assert second is not None
            assert not os.path.samestat(os.fstat(first), os.fstat(second))
            with locked_file(path, seconds=0) as third:
                assert third is None


def test_the_one_that_waits_for_a_file_that_is_removed_takes_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is exchanged between its being opened and locked."""
    path, really, opened = tmp_path / "some.lock", os.open, []

    def opening(name: Path, *more: int) -> int:
        opened.append(really(name, *more))
        if len(opened) == 1:
            path.unlink()
        return opened[-1]

    monkeypatch.setattr(os, "open", opening)
    with locked_file(path, seconds=0) as handle:
        assert handle is not None
        assert os.path.samestat(os.fstat(handle), path.stat())
    assert len(opened) == 2


@linux
def test_nobody_meets_himself(tmp_path: Path) -> None:
    with standing(tmp_path, *Place) as stand, standing(tmp_path) as other:
        assert not stand.meets(*Place)
        assert all(other.meets(place) for place in Place)
    with standing(tmp_path) as other:
        assert not other.meets(*Place)


COMMANDS: list[Command] = [
    ("db", "upgrade"),
    ("db", "backup", "{beside}/b.tar"),
    ("db", "check"),
    ("db", "release", "--apply"),
    ("doctor",),
    ("keys", "init"),
    ("authority", "keys"),
    ("sandbox", "populate", "1"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("locks") / "data"
    assert run_one(("sandbox", "populate", "1"), made).code == 0
    return made


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_works_beside_a_restore(data: Path, command: Command) -> None:
    with hold_alone(data):
        refused = run_one(tuple(part.format(beside=data.parent) for part in command), data)
    assert (refused.code, "[files_exchanged]" in refused.err) == (3, True), refused
    assert not (data.parent / "b.tar").exists()


@linux
def test_neither_restore_nor_reset_goes_through_under_a_server_whose_lock_files_are_gone(data: Path) -> None:
    backup = data.parent / "whole.tar"
    assert run_one(("db", "backup", str(backup)), data).code == 0
    refused: list[Command] = [
        ("db", "restore", str(backup), "--replace", "--apply"),
        ("db", "go-on", "--apply"),
        ("db", "relist", "--apply"),
        ("sandbox", "reset", "--apply"),
        ("serve", "--port", "0"),
    ]
    with hold(data):
        for command in refused:
            sweep(data)
            ran = run_one(command, data)
            assert (ran.code, ran.started, "[server_running]" in ran.err) == (3, False, True), ran


def test_reset_waits_for_commands_as_a_restore_does(data: Path) -> None:
    with working(data):
        refused = run_one(("sandbox", "reset", "--apply"), data)
    assert (refused.code, "[command_running]" in refused.err) == (3, True)
    assert issubclass(CommandRunning, StateConflict)
