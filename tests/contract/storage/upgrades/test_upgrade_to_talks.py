"""The upgrade that brings talks leaves tickets as they are; the way back knows neither the work nor the kind."""

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
from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.jobs.job import Job, JobKind
from eztong.ports.storage.store import UnitOfWork
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, at, holder_id, make, open_sqlite
from tests.contract.storage.talks import values
from tests.contract.storage.values_feedback import ticket

BEFORE = "0032"
OLD = {
    "ticket_id": make("tkt", 7),
    "number": "4821093755",
    "kind": "dispute",
    "state": "open",
    "holder_id": holder_id(),
    "created_at": 1_768_469_400_123,
    "asked_at": 1_768_469_400_123,
    "due_at": 1_770_469_400_123,
    "is_due_provisional": 0,
}


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before, with a ticket, brought up to date."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "tickets", OLD)
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    return path


def test_a_ticket_of_before_is_as_it_was_and_talks_can_begin(database: Path, keys: FileKeyring) -> None:
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        (kept,) = stored.tickets.list(holder_id())
        assert stored.talks.get(kept.ticket_id) is None
    assert (kept.kind, kept.number) == (TicketKind.DISPUTE, "4821093755")
    assert world.store.write(lambda uow: uow.talks.add(values.talk())).value is True
    world.store.close()
    with Progress(disable=True) as bar:
        problems = audit_database(database, keys, bar, full=True).problems
    assert [one for one in problems if "talk" in one or "ticket" in one] == []


def test_the_version_before_can_still_write(database: Path) -> None:
    insert(database, "tickets", OLD | {"ticket_id": make("tkt", 9), "number": "4821093756"})


def test_the_way_back_keeps_the_tickets_as_complaints(database: Path, keys: FileKeyring) -> None:
    world = World(keys, open_sqlite, database)
    asked = replace(ticket(1), kind=TicketKind.TALKS)
    work = Job(job_id=make("job", 1), kind=JobKind.TALK, key="x", created_at=at(1), next_attempt_at=at(2))

    def begin(uow: UnitOfWork) -> None:
        uow.tickets.add(asked)
        uow.talks.add(values.talk())
        uow.jobs.add(work)

    world.store.write(begin)
    world.store.close()
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        kinds = connection.execute("SELECT kind FROM tickets ORDER BY ticket_id").fetchall()
        assert kinds == [("complaint",), ("dispute",)]
        assert connection.execute("SELECT count(*) FROM jobs").fetchone() == (0,)
        sealed = connection.execute("SELECT table_name FROM row_seals").fetchall()
    assert {name for (name,) in sealed} & {"talks", "talk_steps", "tickets", "jobs"} == set()
    upgrade_schema(database)
    assert schema_differences(database) == []
