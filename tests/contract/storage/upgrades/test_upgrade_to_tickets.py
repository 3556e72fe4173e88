"""The upgrade that gives reports a ticket each, which says whether they wait or were closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from eztong.domain.feedback.report import Report
from eztong.domain.feedback.ticket import TicketKind, TicketState
from eztong.domain.working_days import DueDay
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, at, holder_id, make, open_sqlite, verification_id

BEFORE = "0018"


def ms(seconds: float) -> int:
    return round(at(seconds).timestamp() * 1000)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database of the version before, with an open and a closed report."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    for number, state in ((1, "open"), (2, "closed")):
        row = {
            "holder_id": holder_id(),
            "report_id": make("rep", number),
            "record_id": verification_id(number),
            "state": state,
            "froze": number - 1,
            "created_at": ms(number),
            "due_at": ms(900),
            "sealed_note": b"\x00note" if number == 1 else None,
        }
        insert(path, "reports", row)
        key = f"'{holder_id()}','{make('rep', number)}'"
        insert(path, "row_seals", {"table_name": "reports", "row_key": key, "tag": b"of before"})
    return path


def test_every_report_gets_a_ticket_that_says_what_it_said(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    assert schema_differences(database) == []
    seal_rows_of_before(database, keys)
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        reports, tickets = stored.reports.list(holder_id()), stored.tickets.list(holder_id())
    world.store.close()
    assert list(reports)[1] == Report(
        holder_id=holder_id(),
        report_id=make("rep", 1),
        record_id=verification_id(1),
        ticket_id=make("rep", 1),
        froze=False,
        created_at=at(1),
        sealed_note=b"\x00note",
    )
    closed, opened = tickets
    assert [one.ticket_id for one in reports] == [closed.ticket_id, opened.ticket_id]
    assert (opened.kind, opened.state, opened.number) == (TicketKind.REPORT, TicketState.OPEN, "0000000001")
    assert (opened.created_at, opened.due) == (at(1), DueDay(at(900), is_provisional=False))
    assert (closed.state, closed.number, closed.closed_at) == (TicketState.CLOSED, "0000000002", at(2))


def test_a_check_of_the_upgraded_database_finds_nothing(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    with Progress(disable=True) as bar:
        found = audit_database(database, keys, bar, full=True).problems
    rest = [one for one in found if "reports.sealed_note: its owner" not in one]  # nobody sealed that note
    assert not any("reports" in one or "tickets" in one for one in rest), found


def test_the_way_back_leaves_the_reports_as_they_were(database: Path) -> None:
    upgrade_schema(database)
    move(database, BEFORE)
    upgrade_schema(database)
    assert schema_differences(database) == []
