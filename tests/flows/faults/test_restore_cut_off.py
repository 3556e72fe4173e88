"""A restore that is cut off in the middle: nothing starts on what it left, and what was there is still kept."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from eztong.cli.data import restore
from tests.simulators.commands import run_one


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
    refused = run_one(("serve", "--port", "0"), data)
    assert (refused.code, "[keyring_missing]" in refused.err) == (3, True), refused.err
    assert run_one(again, data).code == 0
    assert (data / "eztong.db.before-restore").read_bytes() == before
    assert not (data / "restore.unfinished").exists()
    assert run_one(("db", "check"), data).code == 0
