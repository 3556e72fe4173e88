"""The upgrade that brings the partner portal leaves keys as they were; the way back keeps them and the audit."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from eztong.domain.operators.audit import AuditDoor
from tests.contract.storage.operators.test_console import entry
from tests.contract.storage.portal.values import person
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, batch_id, open_sqlite

BEFORE = "0044"
KEY = {
    "key_hash": b"hash",
    "key_id": "key_1",
    "partner_id": "hotel",
    "label": "till",
    "scopes": "verifications:write",
    "created_at": 1,
}


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before with a key, brought up to date."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "api_keys", KEY)
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    return path


def test_a_key_of_before_works_and_says_that_its_beginning_is_not_known(database: Path, keys: FileKeyring) -> None:
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        (key,) = stored.partners.keys(person().partner_id)
    assert (key.key_id, key.prefix, key.used_at, key.revoked_at) == ("key_1", "", None, None)
    assert world.store.write(lambda uow: uow.portal.add(person())).value
    world.store.close()
    with Progress(disable=True) as bar:
        problems = audit_database(database, keys, bar, full=True).problems
    assert [one for one in problems if "portal" in one or "api_keys" in one] == []


def test_the_way_back_keeps_keys_and_the_audit(database: Path, keys: FileKeyring) -> None:
    world = World(keys, open_sqlite, database)
    world.store.write(
        lambda uow: uow.audit.add(entry(door=AuditDoor.PORTAL), document=b"{}", batch_id=batch_id(), leaf_index=0)
    )
    world.store.close()
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT key_id, label FROM api_keys").fetchall() == [("key_1", "till")]
        assert connection.execute("SELECT door FROM audit_entries").fetchall() == [("elsewhere",)]
        waiting = connection.execute("SELECT value FROM service_settings WHERE name = 'row_seals'").fetchone()
    assert waiting == ("api_keys,audit_entries",)
    upgrade_schema(database)
    assert schema_differences(database) == []
