"""The upgrade that adds changes of the phone and corrections: empty tables, and every account as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from tests.contract.storage.revisions import insert, move

BEFORE, WITH_CONTACT = "0024", "0025"


def test_accounts_stay_as_they_are_and_no_change_is_made_up(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    holder = {
        "holder_id": "hld_1",
        "state": "active",
        "kek_id": "k",
        "data_key": b"key",
        "generation": 1,
        "rules": "",
        "created_at": 7,
        "stopped": "",
        "phone_index": b"index",
        "sealed_phone": b"phone",
    }
    insert(path, "holders", holder)

    def account() -> list[object]:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(f"SELECT {', '.join(holder)} FROM holders").fetchall()  # noqa: S608 - columns

    before = account()
    move(path, WITH_CONTACT)
    assert account() == before
    upgrade_schema(path)
    assert schema_differences(path) == []
    with closing(sqlite3.connect(path)) as connection:
        for table in ("phone_changes", "corrections"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608 - our own names
