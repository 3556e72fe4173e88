"""The upgrade that brings queues by kind leaves every row as it was, and so does the way back."""

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
from eztong.domain.operators.sent_form import SentForm
from tests.contract.storage import values_feedback
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, at, open_sqlite

BEFORE = "0044"


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before, brought up to date."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    return path


def test_tickets_are_as_they_were_and_forms_can_be_sent(database: Path, keys: FileKeyring) -> None:
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    world.store.write(lambda uow: uow.tickets.add(values_feedback.ticket()))
    world.store.write(lambda uow: uow.sent_forms.add(SentForm(session_hash=b"s", form_hash=b"f", sent_at=at(1))))
    world.store.close()
    with Progress(disable=True) as bar:
        problems = audit_database(database, keys, bar, full=True).problems
    assert [one for one in problems if "ticket" in one or "sent_forms" in one] == []
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM tickets").fetchone() == (1,)
        sealed = connection.execute("SELECT count(*) FROM row_seals WHERE table_name = 'sent_forms'").fetchone()
    assert sealed == (0,)
    upgrade_schema(database)
    assert schema_differences(database) == []
