"""A cell that SQLite itself misses: it is one row's trouble, which no backup, restore or check ends at."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from eztong.adapters.storage.sqlite.connections import DatabaseDamaged
from eztong.adapters.storage.sqlite.integrity import check_integrity, rebuild_indexes
from tests.simulators.commands import Ran, run_one


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("town") / "data"
    assert run_one(("sandbox", "populate", "1"), data).code == 0
    with closing(sqlite3.connect(data / "eztong.db")) as connection:
        # What is changed in the file has to be all of it.
        connection.execute("PRAGMA journal_mode = DELETE")
    return data


@pytest.fixture
def data(town: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(town, tmp_path / "data"))


def flip(database: Path, *, place: int) -> None:
    """Turn a bit over in one of the places where an account's indexed number stands: its row, and its index."""
    with closing(sqlite3.connect(database)) as connection:
        (value,) = connection.execute("SELECT number_index FROM holders WHERE number_index IS NOT NULL").fetchone()
    content = bytearray(database.read_bytes())
    places = [at for at in range(len(content)) if content.startswith(value, at)]
    content[places[place] + 5] ^= 1
    database.write_bytes(content)


def empty(database: Path) -> None:
    """Take a value away where none may be missing."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        (made,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'holders'").fetchone()
    for sql, change in ((made.replace(" NOT NULL", ""), "UPDATE holders SET rules = NULL"), (made, "SELECT 1")):
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'holders'", (sql,))
            (version,) = connection.execute("PRAGMA schema_version").fetchone()
            connection.execute(f"PRAGMA schema_version = {version + 1}")
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute(change)


def moved(data: Path) -> tuple[Ran, Ran]:
    """Back a folder up and restore that elsewhere."""
    backup = data.parent / "b.tar"
    made = run_one(("db", "backup", str(backup)), data)
    root = str(data / "root.key")
    into = data.parent / "new"
    return made, run_one(("db", "restore", str(backup), "--apply"), into, EZTONG_ROOT_KEY_FILE=root)


@pytest.mark.parametrize("place", [0, 1])
def test_a_bit_of_an_indexed_cell_keeps_nobody_from_a_backup_and_its_restore(data: Path, place: int) -> None:
    flip(data / "eztong.db", place=place)
    made, restored = moved(data)
    assert (made.code, "Warning: in this backup SQLite finds: row 1 missing from index" in made.err) == (0, True), made
    assert (restored.code, "Its indexes were made anew; they fit." in restored.err) == (0, True), restored
    assert check_integrity(data.parent / "new" / "eztong.db") == []
    assert {path.name for path in (data.parent / "new").iterdir()}.isdisjoint({"eztong.db-wal", "eztong.db-shm"})


def test_a_value_that_is_missing_keeps_nobody_from_a_backup_and_its_restore(data: Path) -> None:
    empty(data / "eztong.db")
    made, restored = moved(data)
    assert (made.code, restored.code) == (0, 0), (made, restored)
    assert "SQLite finds: NULL value in holders.rules" in made.err
    assert "Its indexes were made anew; SQLite finds: NULL value in holders.rules." in restored.err


def test_the_check_names_the_row_beside_what_sqlite_says_and_checks_the_rest(data: Path) -> None:
    flip(data / "eztong.db", place=0)
    empty(data / "eztong.db")
    said = run_one(("db", "check", "--full"), data)
    assert said.code == 1
    assert "the row is not as it was written" in said.out
    assert "Checked 0 signed batches" not in said.err
    assert "file: row 1 missing from index" in said.out
    assert "file: NULL value in holders.rules" in said.out


def test_a_damaged_index_keeps_no_other_part_from_being_checked(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr("eztong.cli.data.database_audit.check_batches", unreadable)
    said = run_one(("db", "check", "--full"), data)
    assert said.out.splitlines() == ["problem: file: database disk image is malformed"]
    assert " 0 sealed rows" not in said.err


def test_a_damaged_file_is_told_by_the_backup_and_refused_by_the_restore(data: Path) -> None:
    with closing(sqlite3.connect(data / "eztong.db")) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'partner_events'").fetchone()
    content = bytearray((data / "eztong.db").read_bytes())
    # Bytes that are said to be free within the page of a table without rows.
    content[(page - 1) * size + 7] = 9
    (data / "eztong.db").write_bytes(content)
    made, restored = moved(data)
    assert (made.code, "this backup cannot be restored" in made.err) == (0, True), made
    assert (restored.code, "[database_damaged]" in restored.err) == (3, True), restored
    with pytest.raises(DatabaseDamaged):
        check_integrity(data / "eztong.db")


def test_an_index_that_its_rows_do_not_allow_stays_as_it_is_and_the_others_are_made_anew(tmp_path: Path) -> None:
    database = tmp_path / "d.db"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE t (k TEXT NOT NULL PRIMARY KEY, v BLOB, w BLOB) WITHOUT ROWID")
        connection.execute("CREATE UNIQUE INDEX of_v ON t (v)")
        connection.execute("CREATE INDEX of_w ON t (w)")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", [("a", b"first", b"third"), ("b", b"fIrst", b"more")])
    content = database.read_bytes()
    at = content.index(b"afirstthird")
    database.write_bytes(content[: at + 2] + b"I" + content[at + 3 : at + 6] + b"T" + content[at + 7 :])
    assert {line.split(" index ")[-1] for line in check_integrity(database)} == {"of_v", "of_w"}
    assert {line.split(" index ")[-1] for line in rebuild_indexes(database)} == {"of_v"}
