"""A restore that is cut off in the middle: nothing starts on what it left, and what was there is still kept."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest

from eztong.cli.data import restore
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
