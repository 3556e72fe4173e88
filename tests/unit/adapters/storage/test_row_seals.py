"""Tags of rows of which a cell is not of its kind: they can be changed and removed, and stay wrong."""

# ruff: noqa: S608 - the names of tables and columns are our own
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Column, LargeBinary, Table, Text, create_engine

from eztong.adapters.keys.keyring import create_keyring
from eztong.adapters.storage.sql.row_tags import sealed_columns
from eztong.adapters.storage.sql.tables import metadata
from eztong.adapters.storage.sqlite.row_seals import RowSeals, counted_tables
from tests.unit.usecases.fakes import START, CountedEntropy

NO_TEXT = "CAST(x'ff' AS TEXT)"


@dataclass(frozen=True)
class Opened:
    """A database as the service opens it, and as somebody opens it who has the file and no keys."""

    seals: RowSeals
    service: sqlite3.Connection
    hand: sqlite3.Connection

    def fits(self, table: str) -> bool:
        row = self.hand.execute(f"SELECT {', '.join(sealed_columns(table))} FROM {table}").fetchone()
        ((tag,),) = self.hand.execute("SELECT tag FROM row_seals WHERE table_name = ?", (table,))
        return self.seals.fits(table, row, tag)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    folder = tmp_path_factory.mktemp("seals")
    file = folder / "eztong.db"
    _make(file)
    keys = create_keyring(folder / "keyring.json", folder / "root.key", entropy=CountedEntropy("seals"), now=START)
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as service,
        closing(sqlite3.connect(file, isolation_level=None)) as hand,
    ):
        hand.text_factory = lambda text: text.decode("latin-1")
        seals = RowSeals(keys)
        seals.watch(service)
        yield Opened(seals, service, hand)


def _make(file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}")
    metadata.create_all(engine)
    engine.dispose()


def _sound(column: Column[object]) -> str | bytes | int:
    if isinstance(column.type, Text):
        return "x"
    return b"\xc3\x28" if isinstance(column.type, LargeBinary) else 1


def _fill(opened: Opened, table: Table) -> None:
    marks = ", ".join("?" for _ in table.columns)
    opened.service.execute(f"INSERT INTO {table.name} VALUES ({marks})", [_sound(one) for one in table.columns])


@pytest.mark.parametrize("name", counted_tables())
def test_a_row_is_changed_and_removed_though_a_cell_in_it_is_no_text_and_called_one(opened: Opened, name: str) -> None:
    table = metadata.tables[name]
    same = ", ".join(f"{one.name} = {one.name}" for one in table.columns)
    for column in [one for one in table.columns if not one.primary_key]:
        for damage in (NO_TEXT, f"CAST({column.name} AS TEXT)"):
            _fill(opened, table)
            before = opened.fits(name)
            opened.hand.execute(f"UPDATE {name} SET {column.name} = {damage}")
            opened.service.execute(f"UPDATE {name} SET {same}")
            kept = opened.fits(name)
            opened.service.execute(f"DELETE FROM {name}")
            is_same = damage is not NO_TEXT and not isinstance(column.type, LargeBinary)
            assert (before, kept) == (True, is_same), (column.name, damage)


def test_the_tag_of_a_sound_row_is_what_it_always_was(opened: Opened) -> None:
    table = metadata.tables["jobs"]
    _fill(opened, table)
    opened.service.execute("UPDATE jobs SET attempts = 2, sealed = x'ff00', leased_until = NULL")
    values: list[object] = [_sound(one) for one in table.columns]
    for column, value in (("attempts", 2), ("sealed", b"\xff\x00"), ("leased_until", None)):
        values[sealed_columns("jobs").index(column)] = value
    ((tag,),) = opened.hand.execute("SELECT tag FROM row_seals WHERE table_name = 'jobs'")
    assert tag == opened.seals.tag("jobs", values)
    opened.service.execute("DELETE FROM jobs")
