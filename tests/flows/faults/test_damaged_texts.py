"""A byte that is no text, in a name, a state or a count: erasures are done, and everything else says what it is."""

# ruff: noqa: S608 - the names of tables and columns are our own
from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Table, Text

from eztong.adapters.storage.sql.tables import metadata
from eztong.adapters.storage.sql.tables.holders import holders
from eztong.adapters.storage.sql.tables.jobs import jobs
from eztong.domain.identifiers import HolderId
from eztong.domain.jobs.fate import Fate
from eztong.domain.jobs.job import Job, JobKind
from eztong.domain.operators.posture import Severity
from eztong.ports.act import SYSTEM
from eztong.usecases.agreement_sets.keep_agreements import BATCH
from eztong.usecases.jobs.run_due import run_due
from eztong.wiring.doctor import examine
from eztong.wiring.settings import Settings
from tests.flows.faults.damaging import change, found, started
from tests.simulators.commands import run_one
from tests.simulators.filled_store import make_filled_store

NO_TEXT = "CAST(x'ff' AS TEXT)"
ALIVE = "SELECT holder_id FROM holders WHERE length(data_key) > 0"
COMMANDS = (("partners", "list"), ("operators", "list"), ("db", "check"), ("doctor",), ("db", "upgrade"))


def texts_of(table: Table) -> list[str]:
    """Return the columns of texts, but for those that say which row it is and whose."""
    return [
        column.name
        for column in table.columns
        if isinstance(column.type, Text) and not column.primary_key and column.name != "holder_id"
    ]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a few citizens, one of them erased, and rows in every table."""
    return make_filled_store(tmp_path_factory.mktemp("whole") / "data").parent


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "data"))


@contextmanager
def listed(data: Path) -> Iterator[str]:
    """Put an account on the list, damage it in the block, and see that the next start erases it."""
    ((name,), *_) = change(data, ALIVE)
    with started(data) as built:
        built.erased.add(HolderId(str(name)))
    yield str(name)
    with started(data) as built:
        assert built.unerased == []
    assert change(data, "SELECT length(data_key) FROM holders WHERE holder_id = ?", name) == [(0,)]


def check_nothing_is_raw(data: Path) -> dict[str, str]:
    """Run commands; none may end as a fault of the program, and the check of the database finds something."""
    said = {}
    for command in (*COMMANDS, ("db", "backup", str(data.parent / "backup.tar"))):
        ran = run_one(command, data)
        said[" ".join(command[:2])] = ran.out + ran.err
        assert ran.code in {0, 1, 3, 4}, (command, ran.err)
        if command == ("db", "check"):
            assert ran.code == 1
    assert not [one for one in examine(Settings(data_dir=data)) if "failed itself" in one.message]
    return said


@pytest.mark.parametrize("column", texts_of(holders))
def test_whoever_is_listed_is_erased_whatever_text_of_the_row_is_none(data: Path, column: str) -> None:
    with listed(data) as name:
        change(data, f"UPDATE holders SET {column} = {NO_TEXT} WHERE holder_id = ?", name)
    assert f"holders '{name}': the row is not as it was written" in check_nothing_is_raw(data)["db check"]
    assert found(data, "EZT017").severity is Severity.OK


def test_whoever_is_listed_is_erased_though_no_text_beside_the_account_is_one(data: Path) -> None:
    with listed(data) as name:
        for table in metadata.sorted_tables:
            if "holder_id" in table.columns and table is not holders:
                for column in texts_of(table):
                    change(data, f"UPDATE OR IGNORE {table.name} SET {column} = {NO_TEXT} WHERE holder_id = ?", name)
    check_nothing_is_raw(data)


def test_whoever_is_listed_is_erased_though_bytes_and_numbers_beside_the_account_are_called_texts(data: Path) -> None:
    with listed(data) as name:
        for table in metadata.sorted_tables:
            if "holder_id" in table.columns:
                for column in [one for one in table.columns if not isinstance(one.type, Text) and not one.primary_key]:
                    damage = f"UPDATE OR IGNORE {table.name} SET {column.name} = {NO_TEXT} WHERE holder_id = ?"
                    change(data, damage, name)
    check_nothing_is_raw(data)


@pytest.mark.parametrize("column", [one.name for one in jobs.columns if one.name not in {"job_id", "kind"}])
def test_a_message_that_is_damaged_keeps_no_other_from_being_sent(data: Path, column: str) -> None:
    with started(data) as built:
        built.services.perform(SYSTEM, lambda act: [act.uow.jobs.add(message(one, act.now)) for one in ("a", "b")])
    change(data, f"UPDATE jobs SET {column} = {NO_TEXT} WHERE job_id = 'a'")
    with started(data) as built:
        run_due(JobKind.MESSAGE, lambda _leased: Fate.DONE, services=built.services)
    assert change(data, "SELECT ended_as FROM jobs WHERE job_id = 'b'") == [("done",)]


def message(name: str, now: datetime) -> Job:
    return Job(job_id=name, kind=JobKind.MESSAGE, key=name, sealed=b"x", created_at=now, next_attempt_at=now)


def test_one_that_can_neither_be_erased_nor_barred_keeps_no_start(data: Path) -> None:
    ((name,), *_) = change(data, ALIVE)
    with started(data) as built:
        built.erased.add(HolderId(str(name)))
    change(data, "CREATE TRIGGER refuse BEFORE UPDATE ON holders BEGIN SELECT RAISE(ABORT, 'refused'); END")
    with started(data) as built:
        assert built.unerased == [name]
    change(data, "DROP TRIGGER refuse")
    with started(data) as built:
        assert built.unerased == []


def test_an_erased_account_without_a_name_keeps_no_command_and_is_told(data: Path) -> None:
    change(data, f"UPDATE holders SET holder_id = {NO_TEXT} WHERE length(data_key) = 0")
    with started(data):
        pass
    said = check_nothing_is_raw(data)
    assert "hotel" in said["partners list"]
    finding = found(data, "EZT017")
    assert finding.severity is Severity.WARNING
    assert "1 accounts are erased and cannot be named" in finding.message


def test_accounts_behind_one_without_a_name_are_still_met(data: Path) -> None:
    with started(data) as built, built.store.read() as stored:
        alive = list(stored.holders.accounts_after(HolderId(""), limit=BATCH))
    damaged = alive.pop(0)
    change(data, "UPDATE holders SET holder_id = CAST('a' || x'ff' AS TEXT) WHERE holder_id = ?", damaged)
    with started(data) as built, built.store.read() as stored:
        assert [stored.holders.accounts_after(HolderId(""), limit=limit) for limit in (1, BATCH)] == [alive[:1], alive]
        assert stored.holders.accounts_after(alive[0], limit=1) == alive[1:2]
    check_nothing_is_raw(data)


@pytest.mark.parametrize("damaged", ["row_key", "tag"])
def test_a_damaged_count_keeps_no_start_and_is_told(data: Path, damaged: str) -> None:
    change(data, f"UPDATE row_seals SET {damaged} = {NO_TEXT} WHERE table_name = '#count' AND row_key = 'holders'")
    for _ in range(2):
        with started(data):
            pass
    assert "count of" in check_nothing_is_raw(data)["db check"]
    if damaged == "row_key":
        assert "1 counts of rows" in found(data, "EZT007").message


def test_a_damaged_name_of_the_counts_themselves_keeps_no_start(data: Path) -> None:
    change(data, f"UPDATE row_seals SET table_name = {NO_TEXT} WHERE table_name = '#count' AND row_key = 'holders'")
    with started(data):
        pass
    check_nothing_is_raw(data)


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("INSERT INTO alembic_version VALUES ('0001')", "schema_version_damaged"),
        (f"UPDATE alembic_version SET version_num = {NO_TEXT}", "database_damaged"),
        ("UPDATE alembic_version SET version_num = x'30'", "schema_version_damaged"),
        ("DELETE FROM alembic_version", "database_missing"),
        (f"UPDATE service_settings SET value = {NO_TEXT}", "database_damaged"),
        ("UPDATE service_settings SET value = 'x' WHERE name = 'sandbox_clock_offset_seconds'", "row_damaged"),
        (f"UPDATE partners SET partner_id = {NO_TEXT} WHERE partner_id = 'hotel'", "row_damaged"),
    ],
)
def test_what_a_start_cannot_do_without_is_told_in_our_words(data: Path, statement: str, word: str) -> None:
    change(data, statement)
    ran = run_one(("partners", "list"), data)
    assert ran.code == 3
    assert f"[{word}]" in ran.err
    assert "eztong db" in ran.err
    for command in (("doctor",), ("db", "check"), ("db", "upgrade"), ("db", "backup", str(data.parent / "x.tar"))):
        assert run_one(command, data).code in {0, 1, 3}, command


def test_two_versions_are_told_by_doctor_and_check_and_upgrade(data: Path) -> None:
    change(data, "INSERT INTO alembic_version VALUES ('0001')")
    assert "more than one line" in found(data, "EZT007").advice
    for command in (("db", "check"), ("db", "upgrade")):
        ran = run_one(command, data)
        assert "more than one line" in ran.out + ran.err


@pytest.mark.parametrize(
    "command", [("serve",), ("db", "upgrade"), ("db", "backup", "{folder}/x.tar"), ("db", "check")], ids=str
)
def test_a_version_that_is_no_text_is_told_by_every_command_in_the_same_words(
    data: Path, command: tuple[str, ...]
) -> None:
    change(data, "UPDATE alembic_version SET version_num = x'30'")
    ran = run_one(tuple(part.format(folder=data.parent) for part in command), data)
    assert (ran.code, ran.started) == (1 if command == ("db", "check") else 3, False), ran
    assert "or one that is no text" in ran.out + ran.err
    assert not (data.parent / "x.tar").exists()


@pytest.mark.parametrize("column", ["kind", "version", "text"])
def test_agreements_that_cannot_be_read_fail_no_check_of_the_doctor(data: Path, column: str) -> None:
    change(
        data,
        f"UPDATE OR IGNORE agreements SET {column} = {NO_TEXT} WHERE version = (SELECT min(version) FROM agreements)",
    )
    check_nothing_is_raw(data)


def test_rows_of_before_are_sealed_though_a_text_in_one_is_none(data: Path) -> None:
    ((name,), *_) = change(data, ALIVE)
    change(data, f"UPDATE holders SET kek_id = {NO_TEXT} WHERE holder_id = ?", name)
    change(data, "INSERT INTO service_settings VALUES ('row_seals', 'pending')")
    with started(data):
        pass
    assert f"holders '{name}': the row is not as it was written" in check_nothing_is_raw(data)["db check"]
