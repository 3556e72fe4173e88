"""A database on storage that cannot be written is looked at all the same, as long as nobody writes it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from eztong.adapters.storage.sqlite.connections import read_only_uri


@pytest.fixture
def still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of ours, closed in order, in a folder that the system says cannot be written."""
    path = tmp_path / "a b#1.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE fish (name)")
    # The tests may run as one whom no right stops; only a read-only disk would.
    monkeypatch.setattr(os, "access", lambda folder, _mode: Path(folder) != tmp_path)
    return path


def test_it_is_opened_without_a_file_beside_it(still: Path) -> None:
    with closing(sqlite3.connect(read_only_uri(still), uri=True)) as connection:
        assert connection.execute("SELECT count(*) FROM fish").fetchone() == (0,)
        assert [path.name for path in still.parent.iterdir()] == [still.name]


@pytest.mark.parametrize(("log", "immutable"), [(None, True), (b"", True), (b"what was committed last", False)])
def test_what_stands_in_a_log_is_never_left_out(still: Path, log: bytes | None, immutable: bool) -> None:
    if log is not None:
        still.with_name(f"{still.name}-wal").write_bytes(log)
    assert read_only_uri(still).endswith("immutable=1") is immutable


def test_where_files_can_be_written_sqlite_keeps_its_own(tmp_path: Path) -> None:
    assert read_only_uri(tmp_path / "x.db").endswith("?mode=ro")
