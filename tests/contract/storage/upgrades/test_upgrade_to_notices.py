"""The upgrade that lets what is told to holders stay: accounts and waiting messages are as they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from tests.contract.storage.notices.values import notice
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, holder_id, make, open_sqlite

BEFORE = "0019"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database of the version before, in which a message about an account waits."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    row = {
        "job_id": make("msg", 1),
        "kind": "outbox",
        "key": make("msg", 1),
        "topic": "pin_changed",
        "holder_id": holder_id(),
        "sealed": b"\x00message",
        "priority": 1,
        "created_at": 1,
        "next_attempt_at": 1,
        "attempts": 0,
    }
    insert(path, "jobs", row)
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    return path


def test_messages_wait_on_and_notices_begin(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    assert schema_differences(database) == []
    seal_rows_of_before(database, keys)
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        assert [job.job_id for job in stored.jobs.of_holder(holder_id())] == [make("msg", 1)]
        assert list(stored.notices.page(holder_id(), before=None, limit=9)) == []
    world.store.write(lambda uow: uow.notices.add(notice()))
    world.store.close()
    with Progress(disable=True) as bar:
        found = audit_database(database, keys, bar, full=True).problems
    # Nobody made the account of that notice, and a check says so.
    found = [one for one in found if "its owner" not in one]
    assert not any("notices" in one or "jobs" in one for one in found), found


def test_the_way_back_leaves_no_trace(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    move(database, BEFORE)
    upgrade_schema(database)
    assert schema_differences(database) == []
