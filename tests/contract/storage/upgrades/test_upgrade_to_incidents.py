"""The upgrade that brings incidents: nothing of before changes, and the way back takes the tags of the rows along."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from tests.contract.storage.incidents import values
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, open_sqlite

BEFORE = "0019"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "service_settings", {"name": "made before", "value": "kept"})
    return path


def test_what_was_there_stays_and_incidents_can_be_written(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    assert schema_differences(database) == []
    seal_rows_of_before(database, keys)
    world = World(keys, open_sqlite, database)
    assert world.store.write(lambda uow: uow.incidents.add(values.incident(full=True))).value
    with world.store.read() as stored:
        assert stored.settings.get("made before") == "kept"
        assert list(stored.incidents.past(limit=2)) == [values.incident(full=True)]
    world.store.close()
    with Progress(disable=True) as bar:
        assert not [one for one in audit_database(database, keys, bar, full=True).problems if "incident" in one]


def test_the_way_back_and_forth_leaves_no_tag_of_a_row_that_is_gone(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    world = World(keys, open_sqlite, database)
    world.store.write(lambda uow: uow.incidents.add(values.incident()))
    world.store.close()
    move(database, BEFORE)
    upgrade_schema(database)
    assert schema_differences(database) == []
    with Progress(disable=True) as bar:
        assert not [one for one in audit_database(database, keys, bar, full=True).problems if "incident" in one]
