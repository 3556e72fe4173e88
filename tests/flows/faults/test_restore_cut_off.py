"""A restore that is cut off in the middle: nothing starts on what it left, and what was there is still kept."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest

from eztong.cli.data import restore
from eztong.cli.data.lock import hold_alone, working
from tests.simulators.commands import Command, run_one


def test_nothing_starts_on_half_a_restore_and_the_next_one_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, backup = tmp_path / "data", tmp_path / "b.tar"
    for command in (("sandbox", "populate", "1"), ("db", "backup", str(backup)), ("sandbox", "populate", "2")):
        assert run_one(command, data).code == 0
    before = (data / "eztong.db").read_bytes()
    again = ("db", "restore", str(backup), "--replace", "--apply")

    def cut_off(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(restore, "write_marks", cut_off)
        assert run_one(again, data).code != 0
    refusing: Sequence[Command] = (
        ("serve", "--port", "0"),
        ("db", "upgrade"),
        ("db", "backup", str(tmp_path / "c.tar")),
        ("keys", "init"),
    )
    for one in refusing:
        refused = run_one(one, data)
        assert (refused.code, "[restore_unfinished]" in refused.err) == (3, True), refused.err
    assert run_one(("doctor",), data).code == 1
    assert run_one(again, data).code == 0
    assert (data / "eztong.db.before-restore").read_bytes() == before
    assert not (data / "restore.unfinished").exists()
    assert run_one(("db", "check"), data).code == 0


def files_of(data: Path) -> set[str]:
    return {path.name for path in data.iterdir()}


def test_wherever_a_restore_is_cut_off_nothing_begins_anew_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off before each file that it moves, over a young folder, whose database alone looks like a first start."""
    young, backup = tmp_path / "young", tmp_path / "b.tar"
    for command in (("sandbox", "populate", "1"), ("db", "backup", str(backup))):
        assert run_one(command, young).code == 0
    really, steps, data = Path.replace, 0, young
    for steps in range(20):
        data = tmp_path / f"cut-{steps}"
        shutil.copytree(young, data)
        left = iter(range(steps))

        def replace(path: Path, target: Path, left: Iterator[int] = left) -> Path:
            if next(left, None) is None:
                raise KeyboardInterrupt
            return really(path, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", replace)
            code = run_one(("db", "restore", str(backup), "--replace", "--apply"), data).code
        if code == 0:
            break
        assert "restore.unfinished" in files_of(data)
        refused = run_one(("serve", "--port", "0"), data)
        assert (refused.started, "[restore_unfinished]" in refused.err) == (False, True)
    assert steps > 3
    assert run_one(("serve", "--port", "0"), data).started


@pytest.mark.parametrize("gone", [("eztong.db", "keyring.json"), ("keyring.json",)])
def test_a_folder_that_was_used_does_not_begin_anew_without_its_keyring(tmp_path: Path, gone: tuple[str, ...]) -> None:
    """Also if what is left of the database names no mode, as one does whose newest pages are gone."""
    data = tmp_path / "data"
    assert run_one(("sandbox", "populate", "1"), data).code == 0
    for name in gone:
        (data / name).unlink()
    if (data / "eztong.db").exists():
        with closing(sqlite3.connect(data / "eztong.db")) as connection, connection:
            connection.execute("DELETE FROM service_settings")
    refused = run_one(("serve", "--port", "0"), data)
    assert (refused.code, "[keyring_missing]" in refused.err) == (3, True), refused.err
    assert run_one(("doctor",), data).code == 1


def test_a_command_and_a_restore_keep_each_other_off(tmp_path: Path) -> None:
    """A command beside a restore would answer done, and what it did would be gone."""
    data, backup = tmp_path / "data", tmp_path / "b.tar"
    for command in (("sandbox", "populate", "1"), ("db", "backup", str(backup))):
        assert run_one(command, data).code == 0
    restoring, populating = ("db", "restore", str(backup), "--replace", "--apply"), ("sandbox", "populate", "1")
    with working(data), working(data):
        refused = run_one(restoring, data)
        assert (refused.code, "[command_running]" in refused.err) == (3, True), refused.err
        assert run_one(populating, data).code == 0
    with hold_alone(data):
        refused = run_one(populating, data)
        assert (refused.code, "[files_exchanged]" in refused.err) == (3, True), refused.err
    assert run_one(restoring, data).code == 0
    assert run_one(populating, data).code == 0


def accounts_in(file: Path) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as connection:
        found: int = connection.execute("SELECT count(*) FROM holders").fetchone()[0]
    return found


def test_a_second_restore_that_is_cut_off_anywhere_keeps_what_was_there_before_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off at each file that is moved, marked, linked or removed, with the files of an older restore beside."""
    used, backup = tmp_path / "used", tmp_path / "b.tar"
    restoring = ("db", "restore", str(backup), "--replace", "--apply")
    for command in (
        ("sandbox", "populate", "1"),
        ("db", "backup", str(backup)),
        ("sandbox", "populate", "2"),
        restoring,
        ("keys", "rotate", "results", "--apply"),
        ("sandbox", "populate", "7"),
    ):
        assert run_one(command, used).code == 0
    wanted = {accounts_in(used / "eztong.db"), accounts_in(used / "eztong.db.before-restore")}
    rings = {(used / name).read_bytes() for name in ("keyring.json", "keyring.json.before-restore")}
    assert (wanted, len(rings)) == ({8, 3}, 2)
    steps, code = 0, 1
    while code != 0:
        data = tmp_path / f"cut-{steps}"
        shutil.copytree(used, data)
        with monkeypatch.context() as patch:
            cut_off_after(steps, patch)
            code = run_one(restoring, data).code
        assert run_one(restoring, data).code == 0
        files = files_of(data)
        kept = {name for name in files if name.startswith("eztong.db.before-restore")}
        assert wanted <= {accounts_in(data / name) for name in kept}, (steps, files)
        assert rings <= {(data / name).read_bytes() for name in files if name.startswith("keyring.json")}, steps
        assert not any("before-restore" in name.partition(".before-restore")[2] for name in files)
        steps += 1
    assert steps > 12


def cut_off_after(steps: int, patch: pytest.MonkeyPatch) -> None:
    left = iter(range(steps))
    for name in ("replace", "touch", "unlink", "hardlink_to", "rename"):
        patch.setattr(Path, name, _cutting(getattr(Path, name), left))


def _cutting(really: Callable[..., object], left: Iterator[int]) -> Callable[..., object]:
    def act(path: Path, *given: object, **more: object) -> object:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return really(path, *given, **more)

    return act
