"""A table's triggers are laid before its first change, and again where they were undone: no row is without a tag."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.storage.sqlite.row_seals import RowSeals
from eztong.adapters.storage.sqlite.store import SqliteStore
from eztong.cli.data.audit_report import AuditReport, rows_of
from eztong.cli.data.audit_rows import check_rows
from eztong.domain.errors import Unavailable
from eztong.ports.keys import Keys
from eztong.ports.storage.store import Job, UnitOfWork

FILE = "eztong.db"


class Refuses(Exception):
    """A job that fails after it has written."""


def set_to(name: str) -> Job[None]:
    return lambda uow: uow.settings.set(name, "1")


def refused(uow: UnitOfWork) -> None:
    uow.settings.set("refused", "1")
    raise Refuses


def refused_alone(store: SqliteStore) -> None:
    with pytest.raises(Refuses):
        store.write(refused)


def refused_in_a_part(store: SqliteStore) -> None:
    def half(uow: UnitOfWork) -> None:
        assert not uow.apart("half", lambda: refused(uow))
        uow.settings.set("whole", "1")

    store.write(half)


def refused_by_the_disk(store: SqliteStore) -> None:
    def full(uow: UnitOfWork) -> None:
        uow.settings.set("refused", "1")
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    with pytest.raises(Unavailable):
        store.write(full)


def undone_by_sqlite(store: SqliteStore) -> None:
    """SQLite undoes the transaction by itself where a statement says so."""

    def rolled_back(uow: UnitOfWork) -> None:
        uow.settings.set("refused", "1")
        uow.database._connection.execute("ROLLBACK")  # type: ignore[attr-defined]  # noqa: SLF001 - as SQLite does it
        raise Refuses

    with pytest.raises((Unavailable, Refuses)):
        store.write(rolled_back)


@pytest.mark.parametrize("undo", [refused_alone, refused_in_a_part, refused_by_the_disk, undone_by_sqlite])
def test_after_an_undone_first_change_the_next_one_has_its_tag(
    store: SqliteStore, ring: Keys, tmp_path: Path, undo: Callable[[SqliteStore], None]
) -> None:
    undo(store)
    store.write(set_to("next"))
    store.write(set_to("next but one"))
    assert problems(tmp_path / FILE, ring) == []
    assert laid(store) == {"service_settings"}


def test_what_was_undone_is_laid_once_more_and_not_lost_by_the_next_failure(store: SqliteStore) -> None:
    refused_alone(store)
    assert laid(store) == {"service_settings"}
    refused_alone(store)
    store.write(lambda uow: uow.settings.get("next"))
    assert laid(store) == {"service_settings"}


def test_a_change_waits_for_no_more_than_it_needs(store: SqliteStore) -> None:
    store.write(set_to("first"))
    # Setting looks whether it alters a row, and adds one: it moves none and removes none.
    assert laid(store, "name") == {"seal_again_service_settings", "seal_service_settings"}


def laid(store: SqliteStore, asked: str = "tbl_name") -> set[str]:
    """Return the triggers that lie on the store's connection: by their names, or by their tables."""
    return store.write(
        lambda uow: {
            name
            for (name,) in uow.database._connection.execute(f"SELECT {asked} FROM temp.sqlite_master")  # type: ignore[attr-defined]  # noqa: SLF001, S608 - nothing else knows
        }
    ).value


def problems(database: Path, keys: Keys) -> list[str]:
    report = AuditReport()
    with Progress(disable=True) as bar, rows_of(database) as rows:
        check_rows(rows, RowSeals(keys), report, bar)
    return list(report.problems)
