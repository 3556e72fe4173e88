"""The upgrade by which unanswered applications are found leaves them as they were, and reads no other account."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.domain.identifiers import HolderId
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, holder_id, open_sqlite

BEFORE = "0039"
OLD = {
    "kek_id": "k",
    "data_key": b"",
    "generation": 1,
    "decision": "supplement",
    "reason": "more_asked",
    "rules": "R52",
    "created_at": 1_768_469_400_123,
    "stopped": "",
}


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before, with an application that waits and one that does not, brought up to date."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "holders", OLD | {"holder_id": holder_id(1), "state": "supplement_needed"})
    insert(path, "holders", OLD | {"holder_id": holder_id(2), "state": "refused"})
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    return path


def test_an_application_of_before_is_found_by_its_index(database: Path, keys: FileKeyring) -> None:
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        assert stored.applications.asked_after(HolderId(""), limit=5).those == [holder_id(1)]
    world.store.close()
    with closing(sqlite3.connect(database)) as connection:
        query = "SELECT holder_id FROM holders WHERE holder_id > '' AND state = 'supplement_needed' ORDER BY holder_id"
        (plan,) = connection.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
    assert "ix_holders_asked" in plan[-1]


def test_the_way_back_takes_the_index_alone(database: Path) -> None:
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM holders").fetchall() == [(2,)]
    upgrade_schema(database)
    assert schema_differences(database) == []
