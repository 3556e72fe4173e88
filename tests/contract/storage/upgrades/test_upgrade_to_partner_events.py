"""The upgrade that adds partner events: none is made up for accounts that were erased before, and none is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from tests.contract.storage.deregistration.test_partner_events import event, store_all
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, open_sqlite

BEFORE = "0026"
DONE = {
    "holder_id": "hld_1",
    "deregistration_id": "drg_1",
    "ticket_id": "tkt_1",
    "state": "done",
    "asked_at": 1,
    "cooling_until": 2,
    "done_at": 3,
    "is_held": 0,
    "salt": b"salt",
    "receipt": b"{}",
}


def rows(path: Path, table: str) -> list[object]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - our own names


def test_deregistrations_stay_as_they_are_and_nobody_is_told_of_them(tmp_path: Path, keys: FileKeyring) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "deregistrations", DONE)
    before = rows(path, "deregistrations")
    upgrade_schema(path)
    assert schema_differences(path) == []
    assert rows(path, "deregistrations") == before
    assert rows(path, "partner_events") == []
    world = World(keys, open_sqlite, path)
    store_all(world.store, event(full=True))
    world.store.close()
    move(path, BEFORE, down=True)
    assert rows(path, "deregistrations") == before
    upgrade_schema(path)
    assert schema_differences(path) == []
