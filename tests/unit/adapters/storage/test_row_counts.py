"""Counts of rows: they go with the rows, and what was wrong is never counted anew."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest

from eztong.adapters.storage.sqlite.row_counts import COUNTS, RowCounts, count_down, count_up

TABLES = ("fish", "bird")


def digest(counted: tuple[str, str, int]) -> bytes:
    return hashlib.sha256(f"key {counted}".encode()).digest()


counts = RowCounts(digest)


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    """Two tables that are counted, in a store that was opened once."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE row_seals (table_name, row_key, tag, PRIMARY KEY (table_name, row_key))")
        for table in (*TABLES, "worm"):
            connection.execute(f"CREATE TABLE {table} (name)")
        open_again(connection, TABLES)
        yield connection


def open_again(connection: sqlite3.Connection, tables: Sequence[str]) -> None:
    connection.create_function("row_counted", 3, counts.moved, deterministic=True)
    for table in tables:
        for when, sql in (("INSERT", count_up(table)), ("DELETE", count_down(table))):
            name = f"{when}_{table}"
            connection.execute(f"CREATE TEMP TRIGGER IF NOT EXISTS {name} AFTER {when} ON {table} BEGIN {sql}; END")
    counts.lay_missing(connection, tables)


def counted(connection: sqlite3.Connection) -> dict[str, int | None]:
    return {table: counts.number(table, tag) for _, table, tag in connection.execute("SELECT * FROM row_seals")}


def test_rows_that_come_and_go_are_counted_and_what_is_rolled_back_is_not(database: sqlite3.Connection) -> None:
    database.executemany("INSERT INTO fish VALUES (?)", [("carp",), ("pike",), ("eel",)])
    database.execute("DELETE FROM fish WHERE name <> 'eel'")
    database.execute("BEGIN")
    database.execute("INSERT INTO bird VALUES ('owl')")
    database.execute("ROLLBACK")
    assert counted(database) == {"fish": 1, "bird": 0, COUNTS: 2}


def test_a_table_that_is_new_is_counted_from_its_first_opening(database: sqlite3.Connection) -> None:
    open_again(database, (*TABLES, "worm"))
    database.execute("INSERT INTO worm VALUES ('leech')")
    assert counted(database) == {"fish": 0, "bird": 0, "worm": 1, COUNTS: 3}


def test_a_count_that_was_taken_away_is_laid_anew_but_not_in_silence(database: sqlite3.Connection) -> None:
    database.execute("INSERT INTO fish VALUES ('carp')")
    database.execute("DELETE FROM row_seals WHERE row_key = 'fish'")
    open_again(database, TABLES)
    assert counted(database) == {"fish": 0, "bird": 0, COUNTS: 3}, "three were laid, and there are two"


def test_the_count_of_counts_does_not_come_back(database: sqlite3.Connection) -> None:
    database.execute("DELETE FROM row_seals WHERE row_key IN ('fish', ?)", (COUNTS,))
    open_again(database, TABLES)
    assert counted(database) == {"fish": 0, "bird": 0}


@pytest.mark.parametrize("forged", [b"", b"x" * 24, counts.tag("bird", 1), counts.tag("fish", 2)[:-1] + b"?"])
def test_a_count_that_is_not_ours_stays_as_it_is(database: sqlite3.Connection, forged: bytes) -> None:
    database.execute("UPDATE row_seals SET tag = ? WHERE row_key = 'fish'", (forged,))
    database.execute("INSERT INTO fish VALUES ('carp')")
    (kept,) = database.execute("SELECT tag FROM row_seals WHERE row_key = 'fish'").fetchone()
    assert kept == forged
    assert counted(database)["fish"] is None


def test_more_rows_that_go_than_ever_came_leave_the_count_at_nothing(database: sqlite3.Connection) -> None:
    assert counts.moved(counts.tag("fish", 0), "fish", -1) == counts.tag("fish", 0)
    database.execute("INSERT INTO fish VALUES ('carp')")
    database.execute("UPDATE row_seals SET tag = ? WHERE row_key = 'fish'", (counts.tag("fish", 0),))
    database.execute("DELETE FROM fish")
    assert counted(database)["fish"] == 0


def test_what_an_earlier_version_wrote_is_counted_once(database: sqlite3.Connection) -> None:
    database.execute("INSERT INTO fish VALUES ('carp')")
    database.execute("UPDATE row_seals SET tag = x'00'")
    counts.lay_all(database, TABLES)
    assert counted(database) == {"fish": 1, "bird": 0, COUNTS: 2}
