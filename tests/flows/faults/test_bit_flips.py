"""The store never lies: whatever is changed in the file without the keys is found, or is known to be harmless."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.storage.sql.row_tags import IN_ROW, sealed_columns
from eztong.adapters.storage.sql.tables import metadata
from eztong.adapters.storage.sqlite.row_seals import RowSeals, counted_tables, row_key, sealed_tables
from eztong.cli.data.audit_report import AuditReport
from eztong.cli.data.database_audit import audit_contents, audit_database
from eztong.ports.keys import Keys
from tests.flows.faults.blind_columns import BLIND, WORK, deciding
from tests.flows.faults.flips import BESIDE, MAX_BYTES, SEED, Flipper
from tests.simulators.filled_store import keys_of, make_filled_store

FLIPS = 200
COLUMNS = [(name, column.name) for name, table in metadata.tables.items() for column in table.columns]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with rows in every table."""
    return make_filled_store(tmp_path_factory.mktemp("filled") / "data")


@pytest.fixture(scope="module")
def keys(filled: Path) -> Keys:
    """Its keys."""
    return keys_of(filled.parent)


def check(database: Path, keys: Keys) -> AuditReport:
    """Check what stands in the file."""
    report = AuditReport()
    with Progress(disable=True) as bar:
        audit_contents(database, keys, report, bar, full=True)
    return report


@contextmanager
def tampered(filled: Path, folder: Path) -> Iterator[tuple[sqlite3.Connection, Path]]:
    """Open a copy for changes without the keys."""
    copy = shutil.copyfile(filled, folder / "copy.db")
    for beside in BESIDE:
        shutil.copyfile(beside(filled), beside(copy))
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        yield connection, copy


def another(value: object) -> object:
    """Return another value of the same kind."""
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:] if value else b"x"
    return "x" if value is None else f"{value}x"


def test_the_store_is_small_and_no_table_is_empty(filled: Path) -> None:
    assert filled.stat().st_size <= MAX_BYTES
    with closing(sqlite3.connect(filled)) as connection:
        empty = [name for name in metadata.tables if not connection.execute(f"SELECT 1 FROM {name}").fetchone()]  # noqa: S608 - our own names
    assert empty == []


def test_an_untouched_store_has_no_problem(filled: Path, keys: Keys) -> None:
    with Progress(disable=True) as bar:
        report = audit_database(filled, keys, bar, full=True)
    assert report.problems == []
    assert report.fields
    assert report.vouched_until is not None


def test_every_flipped_bit_is_found_or_harmless(filled: Path, keys: Keys, tmp_path: Path) -> None:
    flips = Flipper(filled, keys, tmp_path).flip(SEED, FLIPS)
    print(f"seed {SEED}: {flips.words()}")  # noqa: T201 - shown when it fails
    assert flips.missed == []
    assert sum(flips.ends.values()) == FLIPS
    assert flips.ends["found"] > FLIPS // 4


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=str)
def test_a_changed_value_is_found_in_every_column_but_the_listed(
    filled: Path, keys: Keys, tmp_path: Path, table: str, column: str
) -> None:
    with tampered(filled, tmp_path) as (connection, copy):
        (value,) = connection.execute(f"SELECT {column} FROM {table} ORDER BY {column} DESC").fetchone()  # noqa: S608 - our own names
        condition = "IS" if value is None else "="
        done = connection.execute(
            f"UPDATE {table} SET {column} = ? WHERE {column} {condition} ?",  # noqa: S608 - our own names
            (another(value), value),
        )
        assert done.rowcount
        problems = check(copy, keys).problems
    if (table, column) in BLIND:
        assert problems == [], "it is found, so it need not be listed"
    else:
        assert problems


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_removed_rows_are_found(filled: Path, keys: Keys, tmp_path: Path, table: str) -> None:
    with tampered(filled, tmp_path) as (connection, copy):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        assert bool(check(copy, keys).problems) == (table != "idempotency_keys")


@pytest.mark.parametrize("table", ["holders", "grants", "api_keys", "partner_switches", "passkeys", "codes"])
def test_a_row_that_was_added_without_the_keys_is_found(filled: Path, keys: Keys, tmp_path: Path, table: str) -> None:
    with tampered(filled, tmp_path) as (connection, copy):
        row = connection.execute(f"SELECT * FROM {table}").fetchone()  # noqa: S608 - our own names
        marks = ", ".join("?" for _ in row)
        unique = [another(another(value)) if isinstance(value, str | bytes) else value for value in row]
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", [_longer(value) for value in unique])  # noqa: S608
        # A row that carries its tag has one, which does not fit.
        said = "is not as it was written" if table in IN_ROW else "added without the keys"
        assert any(said in problem for problem in check(copy, keys).problems)


def _longer(value: object) -> object:
    return value + b"x" if isinstance(value, bytes) else value


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM verifications WHERE rowid_of = 1", "no row claims leaf"),
        ("UPDATE codes SET state = 'issued', ended_at = NULL, verification_id = NULL", "is still open"),
        ("UPDATE verifications SET outcome = 'not_passed', reason = 'x' WHERE outcome = 'passed'", "disagree"),
        ("UPDATE holders SET state = 'active', freeze_cause = NULL", "is not as it was written"),
        ("UPDATE holders SET generation = generation + 1", "is not as it was written"),
        ("DELETE FROM batches WHERE number = 2", "batches before it are gone"),
        ("DELETE FROM batches WHERE number = (SELECT max(number) FROM batches)", "Its end is missing"),
    ],
)
def test_what_was_done_by_hand_is_named(filled: Path, keys: Keys, tmp_path: Path, change: str, said: str) -> None:
    first = "verification_id = (SELECT min(verification_id) FROM verifications)"
    with tampered(filled, tmp_path) as (connection, copy):
        connection.execute(change.replace("rowid_of = 1", first))
        assert any(said in problem for problem in check(copy, keys).problems), check(copy, keys).problems


def test_a_row_that_was_wrong_stays_wrong_when_the_service_changes_it(filled: Path, keys: Keys, tmp_path: Path) -> None:
    with tampered(filled, tmp_path) as (connection, copy):
        connection.execute("UPDATE holders SET generation = 9")
        RowSeals(keys).watch(connection)
        connection.execute("UPDATE holders SET state = 'frozen', freeze_cause = 'self'")
        assert any("is not as it was written" in problem for problem in check(copy, keys).problems)


def test_a_row_that_went_together_with_its_tag_is_missed_in_every_table(
    filled: Path, keys: Keys, tmp_path: Path
) -> None:
    with tampered(filled, tmp_path) as (connection, copy):
        for table in counted_tables():
            key = row_key(table, table)
            first = f"(SELECT min({key}) FROM {table})"  # noqa: S608 - our own names
            connection.execute(f"DELETE FROM row_seals WHERE table_name = '{table}' AND row_key = {first}")  # noqa: S608
            assert connection.execute(f"DELETE FROM {table} WHERE {key} = {first}").rowcount == 1, table  # noqa: S608
        found, said = check(copy, keys).problems, "1 rows were removed without the keys, with their tags"
        assert [table for table in counted_tables() if f"{table}: {said}" not in found] == []
        RowSeals(keys).watch(connection)
        assert check(copy, keys).problems == found, "opening the store again counts nothing anew"


@pytest.mark.parametrize("with_tag", [False, True])
def test_a_row_in_the_place_of_another_is_found_in_every_table(
    filled: Path, keys: Keys, tmp_path: Path, with_tag: bool
) -> None:
    with tampered(filled, tmp_path) as (connection, copy):
        put = {f"{table} {_put_in_place(connection, table, with_tag=with_tag)}" for table in sealed_tables()}
        said, left = set(check(copy, keys).problems), [one for one in put if not one.endswith(" None")]
    # What is unique, such as the hash of a code, cannot stand twice.
    assert {"holders", "sessions", "partners"} <= {one.split()[0] for one in left}
    assert [one for one in left if f"{one}: the row is not as it was written" not in said] == []


def _put_in_place(connection: sqlite3.Connection, table: str, *, with_tag: bool) -> str | None:
    """Give the last row of a table what the first one has, but for its key; return its key, None if they are alike."""
    key, of = row_key(table, table), metadata.tables[table].columns
    named = ", ".join(name for name in sealed_columns(table) if not of[name].primary_key)
    one, other = connection.execute(f"SELECT min({key}), max({key}) FROM {table}").fetchone()  # noqa: S608 - our names
    if not named or one == other:
        return None
    values = f"SELECT {named} FROM {table} WHERE {key} = ?"  # noqa: S608 - as above
    before = connection.execute(values, (other,)).fetchone()
    connection.execute(f"UPDATE OR IGNORE {table} SET ({named}) = ({values}) WHERE {key} = ?", (one, other))  # noqa: S608
    if connection.execute(values, (other,)).fetchone() == before:
        return None
    if with_tag:
        tag = "SELECT tag FROM row_seals WHERE table_name = ? AND row_key = ?"
        change = f"UPDATE row_seals SET tag = ({tag}) WHERE table_name = ? AND row_key = ?"  # noqa: S608 - as above
        connection.execute(change, (table, one, table, other))
    return str(other)


def test_no_column_that_decides_is_listed_as_blind() -> None:
    assert not BLIND.keys() & deciding()
    assert set(COLUMNS) >= BLIND.keys()
    assert set(metadata.tables) >= WORK - {"alembic_version"}


def test_the_operators_manual_names_the_same_columns() -> None:
    manual = (Path(__file__).parents[3] / "docs" / "operations.md").read_text()
    for (table, column), harm in BLIND.items():
        assert f"| `{table}.{column}` | {harm} |" in manual
