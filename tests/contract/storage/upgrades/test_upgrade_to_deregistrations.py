"""The upgrade that lets accounts end: accounts of before keep their generation, and nothing else moves."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, holder_id, open_sqlite

BEFORE = "0019"
INDEX = b"index" * 6


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database of the version before, with an account in its second generation."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    holder = {
        "holder_id": holder_id(),
        "state": "active",
        "kek_id": "kek-1",
        "data_key": b"wrapped",
        "number_index": INDEX,
        "generation": 2,
        "rules": "",
        "created_at": 1,
        "stopped": "",
    }
    insert(path, "holders", holder)
    person = {"number_index": INDEX, "holder_id": holder_id(), "generation": 2, "service_ended": 0}
    insert(path, "persons", person)
    return path


def test_accounts_of_before_keep_their_generation(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        holder, person = stored.holders.get(holder_id()), stored.holders.person(INDEX)
    world.store.close()
    assert holder is not None
    assert person is not None
    assert (holder.generation, person.generation, person.left_at) == (b"2", b"2", None)


def test_tags_of_before_still_fit(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    with Progress(disable=True) as bar:
        found = audit_database(database, keys, bar, full=False).problems
    assert not any("not as it was written" in one for one in found), found


def test_the_way_back_leads_here_again(database: Path) -> None:
    upgrade_schema(database)
    move(database, BEFORE)
    upgrade_schema(database)
    assert schema_differences(database) == []
