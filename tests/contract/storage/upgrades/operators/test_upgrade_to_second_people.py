"""The upgrade that brings second people: rows and their tags are as they were, and the way back leaves none waiting."""

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
from tests.contract.storage.operators import values as of_operators
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, make, open_sqlite
from tests.contract.storage.talks import values

BEFORE = "0036"
OPERATOR = {
    "name": "li",
    "roles": "legal",
    "state": "active",
    "secret_hash": "$argon2id$",
    "created_at": 7000,
    "added_by": "root",
    "wrong_tries": 0,
    "secret_known_to": "root",
}
TALK = {"ticket_id": make("tkt", 7), "stage": "open", "opened_at": 7000, "records": ""}


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before, with an operator and talks, brought up to date."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "operators", OPERATOR)
    insert(path, "talks", TALK)
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    return path


def problems(database: Path, keys: FileKeyring) -> list[str]:
    with Progress(disable=True) as bar:
        found = audit_database(database, keys, bar, full=True).problems
    return [one for one in found if "talks" in one or "operators" in one or "proposals" in one]


def test_rows_of_before_are_as_they_were(database: Path, keys: FileKeyring) -> None:
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        found, talk = stored.operators.get("li"), stored.talks.get(make("tkt", 7))
    world.store.close()
    assert found is not None
    assert talk is not None
    assert (found.secret_known_to, found.given_counts_until, talk.draft) == (frozenset({"root"}), None, None)
    assert problems(database, keys) == []


def test_the_version_before_can_still_write(database: Path) -> None:
    insert(database, "operators", OPERATOR | {"name": "wang"})
    insert(database, "talks", TALK | {"ticket_id": make("tkt", 8)})


def test_the_way_back_leaves_nothing_that_waits(database: Path, keys: FileKeyring) -> None:
    world = World(keys, open_sqlite, database)

    def wait(uow: UnitOfWork) -> None:
        uow.operators.add(of_operators.operator("full", full=True))
        uow.talks.add(values.talk(full=True))
        uow.proposals.add(of_operators.proposal(1))
        uow.proposals.add(replace(of_operators.proposal(2, subject="tkt"), kind=ProposalKind.SETTLEMENT))

    world.store.write(wait)
    world.store.close()
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT kind FROM proposals").fetchall() == [("certificate",)]
    upgrade_schema(database)
    assert schema_differences(database) == []
    seal_rows_of_before(database, keys)
    assert problems(database, keys) == []
