"""An upgrade keeps what is there: accounts that were stopped before go back to where they came from."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from tests.contract.storage.revisions import move

BEFORE = "0009"
_ROW = """
INSERT INTO holders (holder_id, state, freeze_cause, kek_id, data_key, generation, decision, rules, created_at)
VALUES (?, ?, ?, 'kek', x'00', 1, ?, '', 0)
"""


def test_accounts_that_were_stopped_know_the_state_before(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    rows = [
        ("active", "active", None, "approve"),
        ("frozen", "frozen", "self", "approve"),
        ("frozen-restricted", "frozen", "risk", "approve_restricted"),
        ("terminated", "terminated", None, "approve"),
        ("refused", "refused", None, "refuse"),
    ]
    with closing(sqlite3.connect(path)) as database, database:
        database.executemany(_ROW, rows)
    upgrade_schema(path)
    with closing(sqlite3.connect(path)) as database:
        kept = dict(database.execute("SELECT holder_id, stopped FROM holders").fetchall())
        found = set(database.execute("SELECT holder_id, state, freeze_cause, decision FROM holders").fetchall())
        limited = database.execute("SELECT holder_id FROM holders WHERE ceiling = 'low'").fetchall()
    assert kept == {
        "active": "",
        "frozen": "active",
        "frozen-restricted": "active",
        "terminated": "active",
        "refused": "",
    }
    assert limited == [("frozen-restricted",)], "what limited it has been a mark since 0026"
    assert found == set(rows)
    assert schema_differences(path) == []
