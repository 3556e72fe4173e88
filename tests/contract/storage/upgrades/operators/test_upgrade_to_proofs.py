"""The upgrade that brings operators' passkeys and emergencies leaves sessions as they are, unproven; and back again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from eztong.domain.operators.proposal import ProposalKind
from eztong.ports.storage.store import UnitOfWork
from tests.contract.storage.operators.test_console import session
from tests.contract.storage.operators.test_proofs import glass, passkey
from tests.contract.storage.operators.values import proposal
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, open_sqlite

BEFORE = "0044"
OLD = {"session_hash": b"hash1", "session_id": "ops_1", "operator": "li.na", "created_at": 1000, "active_at": 1000}


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before with a session, brought up to date."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    insert(path, "operator_sessions", OLD)
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    return path


def test_a_session_of_before_is_there_and_proves_nothing(database: Path, keys: FileKeyring) -> None:
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        kept = stored.operator_sessions.get(b"hash1")
    assert kept is not None
    assert (kept.operator, kept.proven_at) == ("li.na", None)
    assert world.store.write(lambda uow: uow.operator_passkeys.add(passkey())).value is True
    world.store.close()
    with Progress(disable=True) as bar:
        problems = audit_database(database, keys, bar, full=True).problems
    assert [one for one in problems if "operator" in one or "glass" in one] == []


def test_the_way_back_takes_what_nobody_there_knows_and_keeps_sessions(database: Path, keys: FileKeyring) -> None:
    world = World(keys, open_sqlite, database)

    def begin(uow: UnitOfWork) -> None:
        uow.operator_passkeys.add(passkey())
        uow.break_glasses.add(glass())
        uow.operator_sessions.add(replace(session(2), proven_at=session(2).created_at))
        uow.proposals.add(replace(proposal(1), kind=ProposalKind.MINOR_REVEAL))

    world.store.write(begin)
    world.store.close()
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM operator_sessions").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM proposals").fetchone() == (0,)
        sealed = {name for (name,) in connection.execute("SELECT table_name FROM row_seals").fetchall()}
    assert sealed & {"operator_passkeys", "break_glasses", "operator_sessions", "proposals"} == set()
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    assert schema_differences(database) == []
