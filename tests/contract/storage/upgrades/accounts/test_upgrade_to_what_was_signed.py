"""The upgrade that lets an index alone say what was signed: every row as it was, and the index is what is read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from tests.contract.storage.revisions import insert, move

BEFORE = "0054"
TEXT = {"kind": "service", "version": "1", "language": "zh-CN", "title": "t", "text_hash": "h", "act": "ticked"}
ROW = TEXT | {"shown_at": 1, "accepted_at": 2, "salt": b"s", "sealed_context": b"c", "document": b"{}"}
SIGNED = (
    "SELECT holder_id, kind, version, acceptance_id, withdrawn_at FROM acceptances "
    "WHERE holder_id IN ('hld_1', 'hld_2') ORDER BY holder_id DESC, acceptance_id DESC"
)


def test_what_was_signed_is_read_from_the_index_and_is_what_it_was(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    for number, withdrawn_at in ((1, None), (2, 9)):
        one = {"holder_id": "hld_1", "acceptance_id": f"acc_{number}", "withdrawn_at": withdrawn_at}
        insert(path, "acceptances", ROW | one | {"batch_id": "bat_1", "leaf_index": number})
    upgrade_schema(path)
    assert schema_differences(path) == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(SIGNED).fetchall() == [
            ("hld_1", "service", "1", "acc_2", 9),
            ("hld_1", "service", "1", "acc_1", None),
        ]
        plan = str(connection.execute(f"EXPLAIN QUERY PLAN {SIGNED}").fetchall())
    assert "USING COVERING INDEX ix_acceptances_signed" in plan


def test_the_way_back_takes_only_the_index(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "acceptances", ROW | {"holder_id": "h", "acceptance_id": "a", "batch_id": "b", "leaf_index": 0})
    move(path, "0055")
    move(path, BEFORE, down=True)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM acceptances").fetchone() == (1,)
        assert "ix_acceptances_signed" not in str(connection.execute("SELECT name FROM sqlite_master").fetchall())
