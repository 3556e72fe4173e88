"""The upgrade that brings versions of the policy leaves applications as they were decided, and knows their lack."""

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
from eztong.domain.policy.policy import BUILT_IN
from eztong.usecases.policy.policy_in_force import policy_in_force
from tests.contract.storage.policy import values
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, at, holder_id, open_sqlite

BEFORE = "0034"
OLD = {
    "holder_id": holder_id(),
    "state": "refused",
    "kek_id": "k",
    "data_key": b"",
    "generation": 1,
    "number_index": b"number",
    "decision": "refuse",
    "reason": "no_record",
    "rules": "R21",
    "policy_version": "2026-03",
    "created_at": 1_768_469_400_123,
    "stopped": "",
}


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before, with a decided application, brought up to date."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "holders", OLD)
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    return path


def test_a_decision_of_before_is_as_it_was_and_its_facts_are_known_to_lack(database: Path, keys: FileKeyring) -> None:
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        holder = stored.holders.get(holder_id())
        assert holder is not None
        assert (holder.rules, holder.policy_version) == ("R21", "2026-03")
        assert policy_in_force(stored=stored, now=at(1)) is BUILT_IN
        assert stored.policy_decisions.count_unrecorded() == 1
    world.store.write(lambda uow: uow.policy_decisions.add(values.decision()))
    assert world.store.write(lambda uow: uow.policy_versions.add(values.version())).value is True
    with world.store.read() as stored:
        assert stored.policy_decisions.count_unrecorded() == 0
    world.store.close()
    with Progress(disable=True) as bar:
        problems = audit_database(database, keys, bar, full=False).problems
    assert [one for one in problems if "policy" in one] == []


def test_the_way_back_takes_versions_and_facts_and_leaves_the_decision(database: Path, keys: FileKeyring) -> None:
    world = World(keys, open_sqlite, database)
    world.store.write(lambda uow: uow.policy_decisions.add(values.decision()))
    world.store.close()
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT rules FROM holders").fetchall() == [("R21",)]
        sealed = connection.execute("SELECT DISTINCT table_name FROM row_seals").fetchall()
    assert {name for (name,) in sealed} & {"policy_versions", "policy_decisions"} == set()
    upgrade_schema(database)
    assert schema_differences(database) == []
