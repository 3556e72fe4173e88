"""The upgrade that keeps when a portal session was proven leaves those of before as they are, unproven; and back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from tests.contract.storage.portal.values import session
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, at, open_sqlite

BEFORE = "0055"
OLD = {
    "session_hash": b"old",
    "session_id": "pts_1",
    "partner_id": "hotel",
    "name": "p1",
    "created_at": 1000,
    "active_at": 1000,
}


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before with a session, brought up to date."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    insert(path, "portal_sessions", OLD)
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    return path


def test_a_session_of_before_is_there_and_proves_nothing(database: Path, keys: FileKeyring) -> None:
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        kept = stored.portal.session(b"old")
    assert kept is not None
    assert (kept.name, kept.proven_at) == ("p1", None)
    assert world.store.write(lambda uow: uow.portal.prove_session(b"old", now=at(1))).value
    world.store.close()
    with Progress(disable=True) as bar:
        problems = audit_database(database, keys, bar, full=True).problems
    assert [one for one in problems if "portal" in one] == []


def test_the_way_back_keeps_sessions(database: Path, keys: FileKeyring) -> None:
    world = World(keys, open_sqlite, database)
    world.store.write(lambda uow: uow.portal.add_session(replace(session(2), proven_at=at(2))))
    world.store.close()
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM portal_sessions").fetchone() == (2,)
        waiting = connection.execute("SELECT value FROM service_settings WHERE name = 'row_seals'").fetchone()
    assert waiting == ("portal_sessions",)
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    assert schema_differences(database) == []
