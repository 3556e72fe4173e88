"""What a round relies on in a store's transaction; another store joins by adding how it opens two connections."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from eztong.adapters.storage.sqlite.connections import connect_writer
from eztong.adapters.storage.sqlite.transaction import SqliteTransaction

Pair = tuple[sqlite3.Connection, sqlite3.Connection]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Give two writing connections to one database with a table."""
    path = tmp_path / "eztong.db"
    with closing(connect_writer(path)) as one, closing(connect_writer(path)) as other:
        one.execute("CREATE TABLE traces (name TEXT)")
        yield one, other


def names(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM traces")]


def leave(connection: sqlite3.Connection, name: str) -> None:
    connection.execute("INSERT INTO traces VALUES (?)", (name,))


def test_only_one_begins_and_the_other_is_told_at_once(pair: Pair) -> None:
    first, second = (SqliteTransaction(connection) for connection in pair)
    assert first.begin()
    assert not second.begin()
    first.undo()
    assert second.begin()


def test_what_was_not_undone_is_undone_by_the_next_begin(pair: Pair) -> None:
    transaction = SqliteTransaction(pair[0])
    transaction.undo()
    assert transaction.begin()
    leave(pair[0], "left over")
    assert transaction.begin()
    transaction.commit()
    assert names(pair[1]) == []


def test_a_savepoint_undoes_what_came_after_it_alone(pair: Pair) -> None:
    transaction = SqliteTransaction(pair[0])
    assert transaction.begin()
    for name, is_undone in (("a", False), ("b", True), ("c", False)):
        transaction.set_savepoint()
        leave(pair[0], name)
        if is_undone:
            transaction.undo_to_savepoint()
        transaction.release_savepoint()
    transaction.commit()
    assert names(pair[1]) == ["a", "c"]


def test_the_version_shows_what_another_connection_committed_and_nothing_else(pair: Pair) -> None:
    transaction, other = SqliteTransaction(pair[0]), SqliteTransaction(pair[1])
    before = transaction.version()
    assert transaction.begin()
    leave(pair[0], "own")
    transaction.commit()
    assert transaction.version() == before
    assert other.begin()
    leave(pair[1], "foreign")
    other.commit()
    assert transaction.version() != before


def test_an_error_belongs_to_its_job_unless_the_store_failed_or_undid_everything(pair: Pair) -> None:
    transaction = SqliteTransaction(pair[0])
    full, wrong = sqlite3.OperationalError("full"), sqlite3.OperationalError("no such table")
    full.sqlite_errorcode, wrong.sqlite_errorcode = sqlite3.SQLITE_FULL, sqlite3.SQLITE_ERROR
    assert transaction.begin()
    assert transaction.is_store_failure(full)
    assert transaction.ends_round(full)
    assert not transaction.is_store_failure(wrong)
    assert not transaction.ends_round(wrong)
    assert not transaction.ends_round(ValueError())
    transaction.undo()
    assert not transaction.is_store_failure(wrong)
    assert transaction.ends_round(wrong)
