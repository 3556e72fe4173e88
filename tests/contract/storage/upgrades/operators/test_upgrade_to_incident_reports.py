"""The upgrade that brings reports to the authorities leaves the rest as it is, and so does the way back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from tests.contract.storage.incidents import values
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, open_sqlite

BEFORE = "0044"
INCIDENT = {
    "incident_id": "inc_1",
    "kind": "other",
    "origin": "operator",
    "affects": "all",
    "effect_zh": "服务中断",
    "effect_en": "Nothing works",
    "starts_at": 1,
    "created_at": 1,
}


def test_reports_can_begin_and_what_was_there_stays_on_both_ways(tmp_path: Path, keys: FileKeyring) -> None:
    database = tmp_path / "eztong.db"
    move(database, BEFORE)
    insert(database, "service_settings", {"name": "row_seals", "value": "pending"})
    insert(database, "incidents", INCIDENT)
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    world.store.write(lambda uow: uow.incident_reports.add(values.incident_report(full=True)))
    with world.store.read() as stored:
        assert [one.effect.en for one in stored.incidents.running()] == ["Nothing works"]
    world.store.close()
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT incident_id FROM incidents").fetchall() == [("inc_1",)]
        sealed = {name for (name,) in connection.execute("SELECT table_name FROM row_seals")}
    assert not any(name.startswith("incident_report") for name in sealed)
    upgrade_schema(database)
    assert schema_differences(database) == []
