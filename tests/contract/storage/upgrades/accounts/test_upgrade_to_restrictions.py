"""The upgrade that makes a mark of what was a state, and has every account checked once."""

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
from eztong.domain.events import Actor
from eztong.domain.holder import FreezeCause, HolderState, Stopped
from eztong.domain.jobs.job import Job, JobKind
from eztong.domain.restrictions.mark import Cause, Ceiling, Restriction
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, at, holder_id, open_sqlite

BEFORE = "0025"
ROWS = (
    (1, "active", None, ""),
    (2, "restricted", None, ""),
    (3, "frozen", "self", "restricted"),
    (4, "frozen", "risk", "restricted,frozen:self"),
    (5, "draft", None, ""),
    (6, "deregistered", None, ""),
    (7, "deregistering", None, "restricted"),
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database of the version before, with accounts in the states that matter."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    for number, state, cause, stopped in ROWS:
        row = {
            "holder_id": holder_id(number),
            "state": state,
            "freeze_cause": cause,
            "kek_id": "kek",
            "data_key": b"\x00",
            "generation": 1,
            "rules": "R40",
            "created_at": round(at(number).timestamp() * 1000),
            "stopped": stopped,
        }
        insert(path, "holders", row)
        insert(path, "row_seals", {"table_name": "holders", "row_key": f"'{holder_id(number)}'", "tag": b"of before"})
    return path


def test_what_was_a_state_is_a_mark_that_stops_keep(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    assert schema_differences(database) == []
    seal_rows_of_before(database, keys)
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        found = {number: stored.holders.get(holder_id(number)) for number, *_ in ROWS}
        marks = {number: list(stored.restrictions.list(holder_id(number))) for number, *_ in ROWS}
    world.store.close()
    limits = {number: holder.ceiling for number, holder in found.items() if holder is not None}
    assert limits == {1: None, 2: Ceiling.LOW, 3: Ceiling.LOW, 4: Ceiling.LOW, 5: None, 6: None, 7: Ceiling.LOW}
    assert {number: len(of) for number, of in marks.items()} == {1: 0, 2: 1, 3: 1, 4: 1, 5: 0, 6: 0, 7: 1}
    assert marks[2] == [
        Restriction(
            holder_id=holder_id(2),
            restriction_id="rst_" + holder_id(2)[4:],
            cause=Cause.DOCUMENT_EXPIRED,
            ceiling=Ceiling.LOW,
            rule="R40",
            by=Actor.SYSTEM,
            since=at(2),
        )
    ]
    assert found[2] is not None
    assert found[4] is not None
    assert found[7] is not None
    assert (found[2].state, found[2].standing) == (HolderState.ACTIVE, "restricted")
    assert found[4].stopped == (Stopped(HolderState.ACTIVE), Stopped(HolderState.FROZEN, FreezeCause.SELF))
    assert found[4].restored().restored().standing == "restricted"
    assert found[7].staying().standing == "restricted"


def test_every_account_is_checked_once_and_no_application_is(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        due = stored.jobs.due(JobKind.RECHECK, now=at(24 * 3600), limit=10)
    world.store.close()
    jobs = [one for one in due if isinstance(one, Job)]
    assert {job.key for job in jobs} == {holder_id(number) for number in (1, 2, 3, 4, 7)}
    assert len({job.next_attempt_at for job in jobs}) == 5, "not all at once"


def test_a_check_of_the_upgraded_database_finds_nothing(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    with Progress(disable=True) as bar:
        found = audit_database(database, keys, bar, full=True).problems
    # The keys of these accounts are made up.
    assert [one for one in found if not one.endswith("data_key: the sealed value does not open")] == []


def test_the_way_back_leaves_the_states_as_they_were(database: Path) -> None:
    upgrade_schema(database)
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as rows:
        found = rows.execute("SELECT holder_id, state, freeze_cause, stopped FROM holders ORDER BY 1").fetchall()
    assert found == [(holder_id(number), state, cause, stopped) for number, state, cause, stopped in ROWS]
    upgrade_schema(database)
    assert schema_differences(database) == []
