"""The upgrade that adds guardianships: an empty table, every account as it was, and the way back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from tests.contract.storage.guardianship.test_guardianships import active
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, holder_id, open_sqlite

BEFORE = "0030"


def test_a_waiting_minor_stays_as_it_was_and_can_then_be_confirmed(tmp_path: Path, keys: FileKeyring) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    holder = {
        "holder_id": "hld_1",
        "state": "supplement_needed",
        "reason": "guardian_must_confirm",
        "kek_id": "k",
        "data_key": b"key",
        "generation": 1,
        "rules": "R11",
        "created_at": 7,
        "stopped": "",
    }
    insert(path, "holders", holder)

    def accounts() -> list[object]:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(f"SELECT {', '.join(holder)} FROM holders").fetchall()  # noqa: S608 - columns

    before = accounts()
    upgrade_schema(path)
    assert accounts() == before
    assert schema_differences(path) == []
    world = World(keys, open_sqlite, path)
    world.store.write(lambda uow: uow.guardianships.add(active()))
    with world.store.read() as stored:
        assert stored.guardianships.active_of(holder_id()) == active()
    world.store.close()
    move(path, BEFORE, down=True)
    assert accounts() == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT 1 FROM row_seals WHERE table_name = 'guardianships'").fetchall() == []
    upgrade_schema(path)
    assert schema_differences(path) == []
