"""Letting go on what rests: only what was shown, never beside a restore, and never what could not be looked up."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eztong.adapters.keys.private_files import write_private
from eztong.adapters.storage.beside.went_back import has_gone_back, note_went_back, read_went_back, went_back_of
from eztong.cli.data import db
from eztong.cli.data.waiting import WhatWaits, waiting
from eztong.domain.jobs.job import JobKind
from tests.contract.storage.revisions import insert, move
from tests.simulators.commands import run_one

THEN = datetime(2026, 3, 1, tzinfo=UTC)
RELEASE = ("db", "release", "--apply")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("release") / "data"
    assert run_one(("sandbox", "populate", "1"), made).code == 0
    note_went_back(made / "eztong.db", to=THEN, at=THEN)
    return made


@pytest.fixture
def data(town: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(town, tmp_path / "data"))


def test_it_is_released_once(data: Path) -> None:
    assert run_one(("db", "release"), data).code == 0
    assert has_gone_back(data / "eztong.db")
    done = run_one(RELEASE, data)
    assert (done.code, "Released: it goes on." in done.err) == (0, True), done
    assert not has_gone_back(data / "eztong.db")
    assert run_one(RELEASE, data).code == 3


def test_half_a_restore_is_not_released(data: Path) -> None:
    (data / "restore.unfinished").touch()
    refused = run_one(RELEASE, data)
    assert (refused.code, "[restore_unfinished]" in refused.err) == (3, True), refused
    assert has_gone_back(data / "eztong.db")


def test_what_went_back_after_it_was_shown_goes_on_resting(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = data / "eztong.db"
    later = THEN + timedelta(days=1)

    def meanwhile(asked: Path, *, now: datetime) -> WhatWaits:
        note_went_back(database, to=later, at=later)
        return waiting(asked, now=now)

    monkeypatch.setattr(db, "waiting", meanwhile)
    done = run_one(RELEASE, data)
    assert (done.code, "look again" in done.err) == (0, True), done
    found = read_went_back(database)
    assert found is not None
    assert (found.to, found.at) == (later, later)


def test_a_file_that_cannot_be_read_is_released_as_it_was_shown(data: Path) -> None:
    write_private(went_back_of(data / "eztong.db"), b"\xff\n")
    assert run_one(RELEASE, data).code == 0
    assert not has_gone_back(data / "eztong.db")


def test_an_older_schema_is_upgraded_first(data: Path) -> None:
    move(data / "eztong.db", "0020", down=True)
    for command in (("db", "release"), RELEASE):
        refused = run_one(command, data)
        assert (refused.code, "eztong db upgrade" in refused.err) == (3, True), refused
    assert has_gone_back(data / "eztong.db")
    for command in (("db", "upgrade"), RELEASE):
        assert run_one(command, data).code == 0


@pytest.mark.parametrize("revision", ["0005", "0012"])
def test_going_on_from_a_schema_of_before_the_mark_is_no_fault_of_the_program(data: Path, revision: str) -> None:
    move(data / "eztong.db", revision, down=True)
    refused = run_one(("db", "go-on", "--apply"), data)
    assert (refused.code, "eztong db upgrade" in refused.err) == (3, True), refused


def test_a_mode_that_is_no_text_is_damage(data: Path) -> None:
    with closing(sqlite3.connect(data / "eztong.db")) as connection, connection:
        connection.execute("UPDATE service_settings SET value = x'00ff' WHERE name = 'mode'")
    for command in (("db", "upgrade"), ("sandbox", "credentials")):
        refused = run_one(command, data)
        assert (refused.code, "[database_damaged]" in refused.err) == (3, True), refused


def test_a_damaged_database_or_row_keeps_nobody_waiting(data: Path) -> None:
    database = data / "eztong.db"
    job = {
        "kind": JobKind.DEREGISTRATION.value,
        "attempts": 0,
        "created_at": 0,
        "next_attempt_at": 0,
        "sealed": b"",
        "priority": 0,
    }
    insert(database, "jobs", job | {"job_id": "job_1", "key": "one", "holder_id": "hld_one"})
    insert(database, "jobs", job | {"job_id": "job_2", "key": "two", "holder_id": "hld_two", "created_at": "no time"})
    insert(database, "jobs", job | {"job_id": "job_3", "key": "three", "holder_id": b"\xff"})
    said = run_one(("db", "release"), data)
    assert (said.code, "hld_one" in said.out, "2 more cannot be read" in said.err) == (0, True, True), said
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.write_bytes(b"no database" * 1000)
    done = run_one(RELEASE, data)
    assert (done.code, "cannot be listed" in done.err) == (0, True), done
