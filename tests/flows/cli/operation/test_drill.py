"""``eztong drill``: what a backup is worth is known once it was restored and checked, and doctor says so."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.flows.cli.command import CommandLine


def test_a_drill_keeps_a_backup_and_says_that_it_can_be_restored(filled: CommandLine) -> None:
    backups = filled.folder / "backups"
    before = {file.name for file in filled.data.iterdir()}
    done = filled.run("drill", "--to", str(backups), "--json").json()
    assert (done["ok"], done["problems"]) == (True, [])
    assert done["opened_fields"] > 0
    assert [file.name for file in backups.iterdir()] == [done["backup"]]
    assert {file.name for file in filled.data.iterdir()} == before, "nothing of the scratch folder stays"
    (found,) = [one for one in filled.run("doctor", "--json").json()["findings"] if one["check"] == "EZT025"]
    assert (found["severity"], "verified restore was 0 days ago" in found["message"]) == ("ok", True), found


def test_a_backup_of_what_was_changed_behind_the_service_is_told_by_the_drill(eztong: CommandLine) -> None:
    assert eztong.run("sandbox", "populate", "2", "--json").code == 0
    with closing(sqlite3.connect(eztong.data / "eztong.db", isolation_level=None)) as database:
        database.execute("UPDATE holders SET created_at = created_at + 1")
    done = eztong.run("drill", "--to", str(eztong.folder / "backups"), "--json")
    assert (done.code, done.json()["ok"]) == (1, False)
    assert done.json()["problems"]
