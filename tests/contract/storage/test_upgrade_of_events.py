"""The upgrade that gives the holder one name keeps every event, and leaves those rows to be sealed again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.adapters.storage.sqlite.row_seals import RowSeals, seal_rows_of_before, sealed_columns
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import holder_id

BEFORE = "0017"
ACTORS = ("holder", "self", "system", "operator", "risk", "of_a_later_version")
KINDS = ("device_bound", "reported", "wrong_codes", "frozen", "frozen", "moved_house")


@pytest.fixture
def keys(tmp_path: Path) -> FileKeyring:
    ring = tmp_path / "k"
    return create_keyring(ring / "keyring.json", ring / "root.key", entropy=SystemEntropy(), now=SystemClock().now())


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before: an event of each actor, and a partner, each with its tag."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    for number, (actor, kind) in enumerate(zip(ACTORS, KINDS, strict=True)):
        event = {"holder_id": holder_id(), "event_id": f"evt_{number}", "kind": kind, "actor": actor}
        insert(path, "holder_events", event | {"detail": "a=b", "at": number})
    partner = dict.fromkeys(("partner_id", "name", "name_en", "sector_id", "state"), "hotel")
    insert(path, "partners", partner | {"created_at": 1})
    seal(path, keys, "holder_events", key="quote(holder_id) || ',' || quote(event_id)")
    seal(path, keys, "partners", key="quote(partner_id)")
    return path


def seal(path: Path, keys: FileKeyring, table: str, *, key: str) -> None:
    """Give every row of a table its tag, as the version before did."""
    columns = ", ".join(sealed_columns(table))
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(f"SELECT {key}, {columns} FROM {table}").fetchall()  # noqa: S608 - our own names
    for name, *values in rows:
        tag = RowSeals(keys).tag(table, values)
        insert(path, "row_seals", {"table_name": table, "row_key": name, "tag": tag})


def wait_for(path: Path, value: str) -> None:
    insert(path, "service_settings", {"name": "row_seals", "value": value})


def waiting(path: Path) -> str | None:
    """Return the names of the tables that wait to be sealed."""
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute("SELECT value FROM service_settings WHERE name = 'row_seals'").fetchone()
    return None if row is None else str(row[0])


def problems(path: Path, keys: FileKeyring) -> list[str]:
    with Progress(disable=True) as bar:
        return audit_database(path, keys, bar, full=True).problems


def test_the_holder_has_one_name_and_everything_else_stays(database: Path) -> None:
    upgrade_schema(database)
    assert schema_differences(database) == []
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT kind, actor, detail, at FROM holder_events ORDER BY at").fetchall()
    actors = ["holder" if actor == "self" else actor for actor in ACTORS]
    assert rows == [(kind, actor, "a=b", at) for at, (kind, actor) in enumerate(zip(KINDS, actors, strict=True))]


def test_events_are_sealed_again_and_a_later_change_is_found(database: Path, keys: FileKeyring) -> None:
    assert [problem for problem in problems(database, keys) if not problem.startswith("schema")] == []
    upgrade_schema(database)
    assert waiting(database) == "holder_events"
    assert any("not sealed yet" in problem for problem in problems(database, keys))
    assert seal_rows_of_before(database, keys) == len(ACTORS)
    assert problems(database, keys) == []
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE holder_events SET actor = 'operator' WHERE event_id = 'evt_1'")
    assert any("evt_1" in problem and "not as it was written" in problem for problem in problems(database, keys))


def test_other_tables_are_not_sealed_again(database: Path, keys: FileKeyring) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE partners SET sector_id = 'another'")
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    assert any(problem.startswith("partners ") for problem in problems(database, keys))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("codes", "codes,holder_events"),
        ("codes,partners", "codes,partners,holder_events"),
        ("holder_events", "holder_events"),
        ("holder_events,codes", "holder_events,codes"),
        ("pending", "pending"),
    ],
)
def test_tables_that_wait_already_go_on_waiting(database: Path, keys: FileKeyring, before: str, after: str) -> None:
    wait_for(database, before)
    upgrade_schema(database)
    assert waiting(database) == after
    assert seal_rows_of_before(database, keys) is not None
    assert problems(database, keys) == []


def test_where_nothing_changes_nothing_waits(database: Path, keys: FileKeyring) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM holder_events WHERE actor = 'self'")
        connection.execute("DELETE FROM row_seals WHERE row_key LIKE '%evt_1%'")
    upgrade_schema(database)
    assert waiting(database) is None
    assert problems(database, keys) == []


def test_the_way_back_keeps_them(database: Path) -> None:
    upgrade_schema(database)
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM holder_events").fetchone() == (len(ACTORS),)
