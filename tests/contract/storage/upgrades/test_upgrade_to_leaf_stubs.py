"""The upgrade that adds what is left of evidence: an empty table, and every row as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from tests.contract.storage.revisions import insert, move

BEFORE = "0029"
HOLDER = {"state": "active", "kek_id": "k", "generation": 1, "rules": "", "created_at": 7, "stopped": ""}


def test_nothing_is_made_up_and_erased_accounts_are_found_by_their_index(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    for name, key in (("hld_1", b"key"), ("hld_2", b"")):
        insert(path, "holders", HOLDER | {"holder_id": name, "data_key": key})
    upgrade_schema(path)
    assert schema_differences(path) == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM leaf_stubs").fetchone() == (0,)
        asked = "SELECT holder_id FROM holders WHERE length(data_key) = 0"
        assert connection.execute(asked).fetchall() == [("hld_2",)]
        assert "ix_holders_erased" in str(connection.execute(f"EXPLAIN QUERY PLAN {asked}").fetchall())
