"""The upgrade that attests refused tries keeps those of before as they were, without a document, and sealed."""

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
from tests.contract.storage import values
from tests.contract.storage.disputes import values as disputes
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, code_id, holder_id, make, open_sqlite, partner_id

BEFORE = "0023"
OLD = {
    "holder_id": holder_id(),
    "attempt_id": make("att", 7),
    "code_id": code_id(),
    "partner_id": partner_id(),
    "scene": "open_account",
    "desk": None,
    "reason": "code_expired",
    "at": 1_768_469_400_123,
}


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before, with a refused try, brought up to date."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "code_attempts", OLD)
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    return path


def test_a_try_of_before_is_kept_and_has_nothing_attested(database: Path, keys: FileKeyring) -> None:
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        (kept,) = stored.codes.attempts(holder_id())
        assert stored.codes.attested_attempt(holder_id(), kept.attempt_id) is None
    assert (kept.reason, kept.desk) == ("code_expired", None)
    assert world.store.write(lambda uow: uow.codes.add_attempt(values.attempt(8))).value is True
    assert world.store.write(lambda uow: uow.disputes.add(disputes.dispute())).value is True
    world.store.close()
    problems = audit_database(database, keys, Progress(disable=True), full=True).problems
    assert [one for one in problems if "code_attempts" in one or "refused try" in one] == []


def test_the_version_before_can_still_write(database: Path) -> None:
    insert(database, "code_attempts", OLD | {"attempt_id": make("att", 9)})


def test_the_way_back_keeps_refused_tries(database: Path) -> None:
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT attempt_id FROM code_attempts").fetchall() == [(make("att", 7),)]
        assert connection.execute("SELECT value FROM service_settings WHERE name = 'row_seals'").fetchall() != []
    upgrade_schema(database)
    assert schema_differences(database) == []
