"""The upgrade that gives scenes a limit: those of before have none until the service starts, and stay as they were."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from tests.contract.storage.revisions import insert, move

BEFORE = "0035"
SCENE = {"title": "t", "title_en": "t", "purpose": "p", "purpose_en": "p", "floor": "high", "claims": "is_person"}


def test_a_scene_of_before_stands_without_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "scenes", SCENE | {"partner_id": "bank", "scene": "open_account"})
    upgrade_schema(path)
    assert schema_differences(path) == []
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT partner_id, scene, floor, fresh_days, when_old FROM scenes").fetchall()
    assert found == [("bank", "open_account", "high", None, None)]
