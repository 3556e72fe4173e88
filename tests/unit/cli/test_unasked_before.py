"""A database that is replaced and cannot be asked whom it has erased: said aloud, and only by a word of its own."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from eztong.cli.data.backup_archive import opened_backup
from tests.simulators.commands import Ran, run_one

ERASED = "UPDATE holders SET data_key = x''"
DAMAGED = "UPDATE service_settings SET value = {} WHERE name = 'keyring_fingerprint'"


def change(*statements: str) -> Callable[[Path], None]:
    def changed(database: Path) -> None:
        with closing(sqlite3.connect(database)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    return changed


def cut_in_half(database: Path) -> None:
    database.write_bytes(database.read_bytes()[: database.stat().st_size // 2])


def empty(database: Path) -> None:
    database.write_bytes(b"")


def page_of(database: Path, name: str) -> tuple[int, int]:
    """Return where the first page of a table or an index begins and ends in the file."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    return (page - 1) * size, page * size


def empty_page(database: Path) -> None:
    """Let the page of the accounts say that it has none."""
    change(ERASED)(database)
    begin, _ = page_of(database, "holders")
    content = bytearray(database.read_bytes())
    content[begin + 3 : begin + 5] = b"\0\0"
    database.write_bytes(content)


def lose_rows(database: Path) -> None:
    """Take the accounts away behind the back of their indexes, as a write that was lost leaves them."""
    hidden = (
        "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'holders'"
    )
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        indexes = connection.execute(f"{hidden} AND sql IS NOT NULL").fetchall()
        connection.execute("PRAGMA writable_schema = ON")
        connection.executemany("DELETE FROM sqlite_master WHERE name = ?", [(one[1],) for one in indexes])
        connection.execute("PRAGMA writable_schema = RESET")
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("DELETE FROM holders")
        connection.execute("PRAGMA writable_schema = ON")
        connection.executemany("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", indexes)
        connection.execute("PRAGMA writable_schema = RESET")
    change(*(sql for _, sql in triggers))(database)


UNASKED = {
    "rows that only indexes know": lose_rows,
    "a page that says nothing": empty_page,
    "a name that is no text": change(ERASED, "UPDATE holders SET holder_id = CAST(x'ff' AS TEXT)"),
    "no table of accounts": change("ALTER TABLE holders RENAME TO holdors"),
    "cut in half": cut_in_half,
    "empty": empty,
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a backup beside it."""
    data = tmp_path_factory.mktemp("town") / "data"
    for command in (("sandbox", "populate", "1"), ("db", "backup", str(data.parent / "b.tar"))):
        assert run_one(command, data).code == 0
    return data


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "data"))


def restored(whole: Path, data: Path, *more: str) -> Ran:
    return run_one(("db", "restore", str(whole.parent / "b.tar"), "--replace", *more), data)


@pytest.mark.parametrize("damage", UNASKED)
def test_a_database_that_cannot_be_asked_is_replaced_only_by_a_word_of_its_own(
    whole: Path, data: Path, damage: str
) -> None:
    UNASKED[damage](data / "eztong.db")
    for more in ((), ("--apply",)):
        refused = restored(whole, data, *more)
        assert (refused.code, "[erased_unasked]" in refused.err) == (3, True), refused
    assert not list(data.glob("*.before-restore"))
    done = restored(whole, data, "--although-unasked", "--apply")
    assert done.code == 0, done
    assert "Warning: the database of before could not be asked whom it has erased" in done.err
    assert "only eztong.erased and the backup's list are used" in done.err
    # What is in its place now can be asked.
    assert restored(whole, data, "--apply").code == 0


def test_a_database_of_another_deployment_is_asked_nothing(whole: Path, data: Path, tmp_path: Path) -> None:
    assert run_one(("sandbox", "populate", "1"), tmp_path / "other").code == 0
    shutil.copyfile(tmp_path / "other" / "eztong.db", data / "eztong.db")
    refused = restored(whole, data, "--apply")
    assert (refused.code, "made with another keyring" in refused.err) == (3, True), refused
    assert restored(whole, data, "--although-unasked", "--apply").code == 0


@pytest.mark.parametrize("value", ["'zz'", "x'ff'"])
def test_a_damaged_fingerprint_brings_nobody_back_in_silence(whole: Path, data: Path, value: str) -> None:
    change(ERASED, DAMAGED.format(value))(data / "eztong.db")
    done = restored(whole, data, "--apply")
    assert (done.code == 0) != ("[erased_unasked]" in done.err), done
    assert done.code == 3 or (data / "eztong.erased").exists()


def test_whom_it_erased_comes_not_back_once_the_list_has_learned_it_as_the_refusal_says(
    whole: Path, data: Path
) -> None:
    change(ERASED, DAMAGED.format("'zz'"))(data / "eztong.db")
    assert run_one(("db", "relist", "--although-whole", "--apply"), data).code == 0
    assert restored(whole, data, "--although-unasked", "--apply").code == 0
    assert run_one(("partners", "list"), data).code == 0
    with closing(sqlite3.connect(data / "eztong.db")) as connection:
        assert connection.execute("SELECT length(data_key) FROM holders").fetchall() == [(0,)]


def test_one_that_can_be_asked_needs_no_word_and_says_nothing(whole: Path, data: Path) -> None:
    change(ERASED)(data / "eztong.db")
    done = restored(whole, data, "--apply")
    assert (done.code, "could not be asked" in done.err) == (0, False), done
    assert run_one(("partners", "list"), data).code == 0
    with closing(sqlite3.connect(data / "eztong.db")) as connection:
        assert connection.execute("SELECT length(data_key) FROM holders").fetchall() == [(0,)]


def test_an_index_that_names_nobody_brings_nobody_back(whole: Path, data: Path) -> None:
    database = data / "eztong.db"
    change(ERASED)(database)
    begin, end = page_of(database, "ix_holders_erased")
    with closing(sqlite3.connect(database)) as connection:
        name = str(connection.execute("SELECT holder_id FROM holders").fetchone()[0]).encode()
    content = bytearray(database.read_bytes())
    content[content.index(name, begin, end) + len(name) - 3] ^= 1
    database.write_bytes(content)
    assert restored(whole, data, "--apply").code == 0
    assert run_one(("partners", "list"), data).code == 0
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT length(data_key) FROM holders").fetchall() == [(0,)]


def test_the_advice_of_a_refusal_can_be_followed_where_the_database_is_damaged(whole: Path, data: Path) -> None:
    cut_in_half(data / "eztong.db")
    nothing = run_one(("db", "relist"), data)
    assert (nothing.code, "[erased_unknown]" in nothing.err) == (3, True), nothing
    made = run_one(("db", "relist", "--from", str(whole.parent / "b.tar"), "--apply"), data)
    assert (made.code, "could not be asked" in made.err) == (0, True), made
    assert restored(whole, data, "--although-unasked", "--apply").code == 0


def test_a_locked_database_is_called_locked(whole: Path, data: Path) -> None:
    with closing(sqlite3.connect(data / "eztong.db")) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        refused = restored(whole, data, "--apply")
    assert (refused.code, "locked" in refused.err) == (3, True), refused


def test_an_empty_database_is_no_backup(whole: Path, data: Path) -> None:
    empty(data / "eztong.db")
    refused = run_one(("db", "backup", str(data / "c.tar")), data)
    assert (refused.code, "restore the last backup" in refused.err) == (3, True), refused
    assert whole.exists()


def test_a_backup_of_lost_rows_says_that_it_is_not_to_be_relied_on(data: Path) -> None:
    lose_rows(data / "eztong.db")
    assert run_one(("db", "backup", str(data / "c.tar")), data).code == 0
    with opened_backup(data / "c.tar") as (_, manifest):
        assert manifest.is_damaged
