"""A database that is not what it was: who is told, what live mode refuses, and how an operator goes on from there."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.clock import SandboxClock, SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.adapters.storage.beside.marks import mark_of, read_marks
from eztong.adapters.storage.rounds.group_commit import Signing
from eztong.adapters.storage.sqlite.row_seals import PENDING_SETTING, seal_rows_of_before
from eztong.adapters.storage.sqlite.store import SqliteStore
from eztong.adapters.storage.stored.facts import RowsNotSealed, check_rows_are_sealed
from eztong.adapters.storage.stored.reach import NewestBatch, missing_ends, newest_batch, newest_batch_at
from eztong.cli.data.database_audit import audit
from eztong.cli.data.go_on import NothingMissing, go_on
from eztong.domain.evidence.signed_note import parse_note
from eztong.domain.operators.posture import Severity
from eztong.ports.clock import Clock
from eztong.ports.services import Mode
from eztong.ports.storage.store import UnitOfWork
from eztong.wiring.checks.stored_data import check_clock, check_database, check_reach, published_keys
from eztong.wiring.doctor import LIVE_CHECKS
from eztong.wiring.settings import Settings
from tests.simulators.quick_files import new_database


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "k"
    create_keyring(folder / "keyring.json", folder / "root.key", entropy=SystemEntropy(), now=SystemClock().now())
    return folder


@pytest.fixture
def settings(tmp_path: Path, made: Path) -> Settings:
    tmp_path.chmod(0o700)
    found = Settings(data_dir=tmp_path, root_key_file=made / "root.key")
    shutil.copyfile(made / "keyring.json", found.keyring)
    found.keyring.chmod(0o600)
    new_database(found.database_file)
    return found


def ring_of(settings: Settings) -> FileKeyring:
    return FileKeyring(settings.keyring, settings.root_key)


def attest(settings: Settings, *documents: bytes, clock: Clock | None = None) -> None:
    """Open the store, attest each document in a batch of its own, and close it, which writes the mark."""
    signing = Signing(
        keys=ring_of(settings), clock=clock or SystemClock(), entropy=SystemEntropy(), origin="eztong.example"
    )
    store = SqliteStore(settings.database_file, signing)
    for document in documents:
        store.write(partial(_attest, document=document))
    store.close()


def _attest(uow: UnitOfWork, *, document: bytes) -> None:
    uow.attest(document)


@pytest.fixture
def rolled_back(settings: Settings, tmp_path: Path) -> Settings:
    """Three batches, of which the file that was put in place has the first."""
    attest(settings, b"1")
    older = shutil.copyfile(settings.database_file, tmp_path / "older")
    attest(settings, b"2", b"3")
    older.replace(settings.database_file)
    return settings


def problems(settings: Settings) -> list[str]:
    """Return what the check finds; the documents of these batches have no rows."""
    with Progress(disable=True) as bar:
        return [problem for problem in audit(settings, bar).problems if "no row claims leaf" not in problem]


def test_an_older_file_is_told_by_the_doctor_and_refused_in_live_mode(rolled_back: Settings) -> None:
    (missing,) = missing_ends(rolled_back.database_file, published_keys(ring_of(rolled_back)))
    assert (missing.signed, missing.reached) == (3, 1)
    found = check_reach(rolled_back)
    assert found.severity is Severity.WARNING
    assert "had signed 3 batches" in found.message
    assert "eztong db go-on" in found.advice
    assert check_reach(rolled_back.model_copy(update={"mode": Mode.LIVE})).severity is Severity.ERROR
    assert check_reach in LIVE_CHECKS


def test_what_reaches_as_far_as_its_mark_is_fine(settings: Settings) -> None:
    assert check_reach(settings).severity is Severity.OK
    attest(settings, b"1", b"2")
    assert check_reach(settings).severity is Severity.OK
    with pytest.raises(NothingMissing):
        go_on(settings, apply=True)
    mark_of(settings.database_file).unlink()
    assert check_reach(settings).severity is Severity.OK


def test_a_damaged_mark_is_a_warning_and_a_note_of_other_keys_says_nothing(rolled_back: Settings) -> None:
    mark = mark_of(rolled_back.database_file)
    document = json.loads(mark.read_bytes())
    document["notes"] = [note.replace("3", "4") for note in document["notes"]]
    mark.write_text(json.dumps(document))
    assert check_reach(rolled_back).severity is Severity.OK
    mark.write_bytes(b"{")
    assert check_reach(rolled_back).severity is Severity.WARNING


def test_an_operator_goes_on_and_no_number_is_given_twice(rolled_back: Settings) -> None:
    mark = mark_of(rolled_back.database_file)
    before = mark.read_bytes()
    assert any("Its end is missing" in problem for problem in problems(rolled_back))
    (missing,) = go_on(rolled_back, apply=False)
    assert mark.read_bytes() == before
    go_on(rolled_back, apply=True)
    assert mark.with_name("eztong.mark.before-go-on").read_bytes() == before
    assert read_marks(mark).ended == [missing.writer]
    assert check_reach(rolled_back).severity is Severity.OK
    attest(rolled_back, b"4")
    assert problems(rolled_back) == []
    places = [parse_note(note).unverified_root.place for note in read_marks(mark).notes]
    assert sorted(place.number for place in places if place is not None) == [1, 1]


def test_a_service_that_went_on_by_itself_stays_warned_until_an_operator_says_so(rolled_back: Settings) -> None:
    attest(rolled_back, b"4", b"5")
    assert check_reach(rolled_back).severity is Severity.WARNING
    go_on(rolled_back, apply=True)
    attest(rolled_back, b"6")
    assert check_reach(rolled_back).severity is Severity.OK
    assert problems(rolled_back) == []


def test_a_clock_before_the_newest_signature_is_told(settings: Settings) -> None:
    assert newest_batch_at(settings.database_file) is None
    assert check_clock(settings).severity is Severity.OK
    attest(settings, b"1")
    assert check_clock(settings).severity is Severity.OK
    attest(settings, b"2", clock=SandboxClock(SystemClock(), timedelta(days=1)))
    found = check_clock(settings)
    assert found.severity is Severity.WARNING
    assert "24.0 hours" in found.message


@pytest.mark.parametrize("value", ["'zz'", "x'ff'", "-9223372036854775808", "1e300"])
def test_a_clock_is_compared_with_the_newest_batch_that_says_its_time(settings: Settings, value: str) -> None:
    attest(settings, b"1")
    before = newest_batch_at(settings.database_file)
    attest(settings, b"2")
    damage_newest(settings, f"created_at = {value}")
    assert newest_batch(settings.database_file) == NewestBatch(at=before, passed_over=1)
    assert newest_batch_at(settings.database_file) == before
    found = check_clock(settings)
    assert (found.severity, "times of the newest 1 batches are damaged" in found.message) == (Severity.WARNING, True)
    damage_newest(settings, f"created_at = {value}", which="min")
    assert newest_batch_at(settings.database_file) is None


@pytest.mark.parametrize("damage", ["number = 'zz'", "number = x'ff'", "note = 'zz'", "note = x'ff'", "writer = 'zz'"])
def test_one_damaged_cell_of_the_newest_batch_is_no_missing_end(settings: Settings, damage: str) -> None:
    """Its note stands under its name, or its leaves give the root that the mark knows."""
    attest(settings, b"1", b"2", b"3")
    damage_newest(settings, damage)
    assert check_reach(settings.model_copy(update={"mode": Mode.LIVE})).severity is Severity.OK
    attest(settings, b"4")
    assert check_reach(settings).severity is Severity.OK


@pytest.mark.parametrize("damage", ["note = 'zz', leaves = x'ff'", "note = x'ff', leaves = ''"])
def test_a_newest_batch_of_which_nothing_is_left_is_told_as_missing_and_gone_on_from(
    settings: Settings, damage: str
) -> None:
    attest(settings, b"1", b"2", b"3")
    damage_newest(settings, damage)
    found = check_reach(settings.model_copy(update={"mode": Mode.LIVE}))
    assert (found.severity, "eztong db go-on" in found.advice) == (Severity.ERROR, True)
    go_on(settings, apply=True)
    assert check_reach(settings).severity is Severity.OK
    attest(settings, b"4")
    assert check_reach(settings).severity is Severity.OK


def damage_newest(settings: Settings, damage: str, *, which: str = "max") -> None:
    with closing(sqlite3.connect(settings.database_file)) as connection, connection:
        connection.execute(f"UPDATE batches SET {damage} WHERE batch_id = (SELECT {which}(batch_id) FROM batches)")  # noqa: S608 - ours


def test_an_upgrade_that_was_cut_off_before_its_rows_were_sealed_is_told_and_refused_in_live_mode(
    settings: Settings,
) -> None:
    assert check_database(settings).severity is Severity.OK
    check_rows_are_sealed(settings.database_file)
    attest(settings, b"1")
    with closing(sqlite3.connect(settings.database_file)) as connection, connection:
        connection.execute("INSERT INTO service_settings VALUES (?, 'jobs')", (PENDING_SETTING,))
    live = settings.model_copy(update={"mode": Mode.LIVE})
    assert (check_database(settings).severity, check_database(live).severity) == (Severity.WARNING, Severity.ERROR)
    with pytest.raises(RowsNotSealed):
        check_rows_are_sealed(settings.database_file)
    seal_rows_of_before(settings.database_file, ring_of(settings))
    assert check_database(live).severity is Severity.OK
