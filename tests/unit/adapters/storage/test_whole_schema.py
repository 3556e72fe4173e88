"""What the migrations make is what the code describes; the digest of it spares every check the comparison."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from eztong.adapters.storage.sqlite import schema
from eztong.adapters.storage.sqlite.schema import schema_differences, schema_digest
from tests.simulators.quick_files import new_database

HIDDEN = """
CREATE UNIQUE INDEX hidden ON reports(report_id);
PRAGMA writable_schema = ON;
UPDATE sqlite_master SET name = 'sqlite_hidden', sql = replace(sql, 'hidden', 'sqlite_hidden') WHERE name = 'hidden';
"""
"""An index that is called like SQLite's own."""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return new_database(tmp_path / "eztong.db")


def test_a_new_database_has_the_digest_that_the_code_knows(database: Path) -> None:
    assert schema_digest(database) == schema.WHOLE, "a migration was added: put the new digest there"


def test_and_nothing_in_it_differs_when_every_column_is_compared(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "WHOLE", "")
    assert schema_differences(database) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE holders ADD COLUMN more TEXT", "more"),
        ("CREATE TABLE more (one TEXT)", "more"),
        ("DROP INDEX uq_batches_number", "uq_batches_number"),
        ("CREATE VIEW strange AS SELECT 1", "view strange"),
        ("CREATE TRIGGER strange AFTER INSERT ON holders BEGIN DELETE FROM holders; END", "trigger strange"),
        (HIDDEN, "sqlite_hidden"),
    ],
)
def test_what_is_changed_is_named(database: Path, change: str, said: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(change)
    assert any(said in difference for difference in schema_differences(database))
