"""The upgrade that adds webhooks: partners hear as they did before, and the rows of the version are of its schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, open_sqlite
from tests.contract.storage.webhooks.test_webhooks import PLAIN, delivery, store_all

BEFORE, TABLES = "0040", ("webhook_attempts", "webhook_deliveries", "webhook_endpoints")
PARTNER = {
    "partner_id": "hotel",
    "name": "酒店",
    "name_en": "Hotel",
    "sector_id": "sector-hotel",
    "state": "approved",
    "created_at": 1,
}


def test_partners_stay_and_have_no_endpoints(tmp_path: Path, keys: FileKeyring) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "partners", PARTNER)
    upgrade_schema(path)
    assert schema_differences(path) == []
    with closing(sqlite3.connect(path)) as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES]  # noqa: S608 - our own names
    assert counts == [0, 0, 0]
    world = World(keys, open_sqlite, path)
    store_all(world.store, PLAIN, delivery())
    world.store.close()
    move(path, BEFORE, down=True)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT partner_id FROM partners").fetchall() == [("hotel",)]
    upgrade_schema(path)
    assert schema_differences(path) == []
