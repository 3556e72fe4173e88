"""The upgrade of a database of before, while others have the folder or the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from eztong.cli.data.lock import hold
from tests.flows.cli.command import CommandLine


@pytest.fixture
def before(eztong: CommandLine) -> Path:
    """A database whose rows wait to be sealed."""
    assert eztong.run("sandbox", "populate", "1").code == 0
    path = eztong.data / "eztong.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO service_settings (name, value) VALUES ('row_seals', 'pending')")
    return path


def test_a_lock_that_is_kept_is_a_sentence_and_the_rows_are_sealed_later(eztong: CommandLine, before: Path) -> None:
    with closing(sqlite3.connect(before, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = eztong.run("db", "upgrade")
    assert (done.code, "[unavailable]" in done.err) == (4, True), done.err
    assert "Sealed" in eztong.run("db", "upgrade").err
    assert eztong.run("db", "check", "--json").json()["problems"] == []


def test_another_folders_keyring_seals_nothing(eztong: CommandLine, before: Path, tmp_path: Path) -> None:
    other = CommandLine(tmp_path / "other")
    other.folder.mkdir()
    assert other.run("sandbox", "populate", "1").code == 0
    names = ("keyring.json", "root.key")
    own = {name: (eztong.data / name).read_bytes() for name in names}
    for name in names:
        (eztong.data / name).write_bytes((other.data / name).read_bytes())
    assert before.exists()
    done = eztong.run("db", "upgrade")
    assert (done.code, "[keyring_of_another_database]" in done.err) == (3, True), done.err
    for name in names:
        (eztong.data / name).write_bytes(own[name])
    assert "Sealed" in eztong.run("db", "upgrade").err
    assert eztong.run("db", "check", "--json").json()["problems"] == []


def test_a_schema_is_not_changed_under_a_server(eztong: CommandLine, before: Path) -> None:
    with closing(sqlite3.connect(before)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0015'")
    with hold(eztong.data, told="http://127.0.0.1:1"):
        done = eztong.run("db", "upgrade")
    assert (done.code, "[server_running]" in done.err) == (3, True), done.err
