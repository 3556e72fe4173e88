"""The upgrade that gives partners stages: those of before are live, without limits, and stay as they were."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from tests.contract.storage.revisions import insert, move

BEFORE = "0040"
PARTNER = {"name": "b", "name_en": "b", "sector_id": "sector-b", "state": "approved", "created_at": 1}


def test_a_partner_of_before_stands_where_it_stood(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "partners", PARTNER | {"partner_id": "bank"})
    insert(path, "partners", PARTNER | {"partner_id": "shop", "state": "suspended"})
    upgrade_schema(path)
    assert schema_differences(path) == []
    query = "SELECT partner_id, state, stage, networks, redirects, per_minute FROM partners ORDER BY partner_id"
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(query).fetchall()
        assert found == [("bank", "approved", None, None, None, None), ("shop", "suspended", None, None, None, None)]
        assert connection.execute("SELECT count(*) FROM partner_applications").fetchone() == (0,)


def test_the_version_before_finds_its_partners_again(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    upgrade_schema(path)
    insert(path, "partners", PARTNER | {"partner_id": "bank", "stage": "live"})
    move(path, BEFORE, down=True)
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT partner_id, state FROM partners").fetchall()
        waiting = connection.execute("SELECT value FROM service_settings WHERE name = 'row_seals'").fetchone()
    assert (found, waiting) == ([("bank", "approved")], ("partners",))
