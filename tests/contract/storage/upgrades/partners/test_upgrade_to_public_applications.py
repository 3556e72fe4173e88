"""The upgrade that gives applications receipts: those of before have none, and stay as they were."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from tests.contract.storage.revisions import insert, move

BEFORE = "0051"
APPLICATION = {
    "application_id": "pap_1",
    "partner_id": "bank",
    "state": "applied",
    "credit_code": "91350100M000100Y43",
    "document": "{}",
    "applied_at": 1,
}
QUERY = "SELECT application_id, state, credit_code FROM partner_applications"


def test_an_application_of_before_has_no_receipt_and_two_without_one_are_there(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "partner_applications", APPLICATION)
    insert(path, "partner_applications", APPLICATION | {"application_id": "pap_2", "partner_id": "shop"})
    upgrade_schema(path)
    assert schema_differences(path) == []
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT receipt_hash FROM partner_applications").fetchall()
    assert found == [(None,), (None,)]


def test_the_version_before_finds_its_applications_again(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    upgrade_schema(path)
    insert(path, "partner_applications", APPLICATION | {"receipt_hash": b"x"})
    move(path, BEFORE, down=True)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(QUERY).fetchall() == [("pap_1", "applied", "91350100M000100Y43")]
        waiting = connection.execute("SELECT value FROM service_settings WHERE name = 'row_seals'").fetchone()
    assert waiting == ("partner_applications",)
