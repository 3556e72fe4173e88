"""The upgrade that adds counts of rows: a database with tags is counted once, a new one by its first store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from tests.contract.storage.revisions import insert, move

BEFORE = "0037"


def waiting(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT value FROM service_settings WHERE name = 'row_seals'").fetchall()


@pytest.mark.parametrize(
    ("tags", "before", "after"),
    [
        (False, None, []),
        (True, None, [("counts",)]),
        (True, "jobs", [("jobs,counts",)]),
        (False, "pending", [("pending",)]),
    ],
)
def test_a_database_with_tags_waits_to_be_counted(
    tmp_path: Path, tags: bool, before: str | None, after: list[tuple[str]]
) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    if tags:
        insert(path, "row_seals", {"table_name": "jobs", "row_key": "'job_1'", "tag": b"tag"})
    if before is not None:
        insert(path, "service_settings", {"name": "row_seals", "value": before})
    upgrade_schema(path)
    assert waiting(path) == after
    assert schema_differences(path) == []
    if tags:
        insert(path, "row_seals", {"table_name": "#count", "row_key": "jobs", "tag": b"tag"})
    move(path, BEFORE, down=True)
    assert waiting(path) == ([] if before is None else [(before,)])
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT 1 FROM row_seals WHERE table_name = '#count'").fetchall() == []
