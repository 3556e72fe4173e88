"""The upgrade that links operators to persons: who was linked stays so, and a secret of before is its giver's, too."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, holder_id, open_sqlite

BEFORE = "0028"
INDEX = b"\x01\xffindex"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database of the version before: an account, the operator who has it, and the one who added them."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    holder = {
        "holder_id": holder_id(),
        "state": "active",
        "kek_id": "kek-1",
        "data_key": b"wrapped",
        "number_index": INDEX,
        "generation": 1,
        "rules": "",
        "created_at": 1,
        "stopped": "",
    }
    insert(path, "holders", holder)
    person = {"number_index": INDEX, "holder_id": holder_id(), "generation": 1, "service_ended": 0}
    insert(path, "persons", person)
    for name, added_by, linked in (("li", None, None), ("wang", "li", holder_id())):
        row = {
            "name": name,
            "roles": "system",
            "state": "active",
            "secret_hash": "$argon2id$",
            "created_at": 7000,
            "added_by": added_by,
            "holder_id": linked,
            "wrong_tries": 0,
            "locked_until": None,
        }
        insert(path, "operators", row)
    return path


def test_links_stay_and_a_given_secret_is_known_to_its_giver(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        found = [(one.name, one.persons, one.secret_known_to, one.secret_at) for one in stored.operators.list().those]
    world.store.close()
    since = datetime.fromtimestamp(7, UTC)
    assert found == [
        ("li", frozenset(), frozenset(), since),
        ("wang", frozenset({INDEX}), frozenset({"li"}), since),
    ]


def test_a_check_of_the_upgraded_database_finds_nothing(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    with Progress(disable=True) as bar:
        found = audit_database(database, keys, bar, full=True).problems
    assert not any("operators" in one for one in found), found


def test_the_way_back_leaves_the_links_and_comes_again(database: Path) -> None:
    upgrade_schema(database)
    move(database, BEFORE)
    upgrade_schema(database)
    assert schema_differences(database) == []
