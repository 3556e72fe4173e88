"""The upgrade that brings cases leaves the rest as it is; the way back keeps what they limit, as misuse."""

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
from eztong.domain.restrictions.mark import Cause
from eztong.ports.storage.store import UnitOfWork
from tests.contract.storage.cases import values
from tests.contract.storage.operators.values import proposal
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, open_sqlite
from tests.contract.storage.test_restrictions import mark as mark_of

BEFORE = "0041"


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before, brought up to date."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    return path


def test_cases_can_begin_and_every_row_is_as_it_was_written(database: Path, keys: FileKeyring) -> None:
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    assert world.store.write(lambda uow: uow.cases.add(values.case(full=True))).value is True
    world.store.close()
    with Progress(disable=True) as bar:
        problems = audit_database(database, keys, bar, full=True).problems
    assert [one for one in problems if "case" in one] == []


def test_the_way_back_keeps_the_marks_and_no_proposal_that_nobody_there_knows(
    database: Path, keys: FileKeyring
) -> None:
    world = World(keys, open_sqlite, database)
    waits, mark = replace(proposal(1), kind=ProposalKind.CASE_MEASURE), replace(mark_of(1), cause=Cause.CASE)

    def begin(uow: UnitOfWork) -> None:
        uow.cases.add(values.case())
        uow.proposals.add(waits)
        uow.restrictions.add(mark)

    world.store.write(begin)
    world.store.close()
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT cause FROM restrictions").fetchall() == [("risk",)]
        assert connection.execute("SELECT count(*) FROM proposals").fetchone() == (0,)
        sealed = connection.execute("SELECT table_name FROM row_seals").fetchall()
    assert {name for (name,) in sealed} & {"cases", "case_steps", "case_evidence", "restrictions", "proposals"} == set()
    upgrade_schema(database)
    assert schema_differences(database) == []
