"""Flip one bit of a database file, and say what becomes of it. ``python -m tests.flows.faults.flips`` does it often.

A flip ends in one of four ways: it is **found** (the file does not open, SQLite's own check, or ``eztong db check``),
it is **unused** (every value reads back equal), it lies in a column that is **listed** as one where the check sees
nothing, or it is **missed**, which must not be.
"""

from __future__ import annotations

import argparse
import random  # noqa: TID251 - a fixed seed chooses the bits
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from rich.progress import Progress
from sqlalchemy.exc import SQLAlchemyError

from eztong.adapters.storage.beside.erased_list import erased_list_of
from eztong.adapters.storage.beside.marks import mark_of
from eztong.cli.data.audit_report import AuditReport
from eztong.cli.data.database_audit import audit_contents, audit_database
from eztong.http.logs import configure_logs
from eztong.ports.keys import Keys
from tests.flows.faults.blind_columns import BLIND
from tests.simulators.filled_store import keys_of, make_filled_store

SEED = 7_2026
MAX_BYTES = 1 << 20
Table = tuple[Sequence[str], list[tuple[Any, ...]]]


BESIDE: Final = (mark_of, erased_list_of)
"""The files beside a database that a check reads."""


@dataclass
class Flips:
    """What became of the flips, and those that were missed, with their bit and columns."""

    ends: Counter[str] = field(default_factory=Counter)
    listed: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def words(self) -> str:
        """Return the result in a line."""
        return ", ".join(f"{count} {end}" for end, count in sorted(self.ends.items()))


class Flipper:
    """A database of which copies with one other bit are looked at."""

    def __init__(self, database: Path, keys: Keys, folder: Path) -> None:
        """Read the database as it should be; copies go to ``folder``."""
        self._content = database.read_bytes()
        self._keys = keys
        self._copy = folder / "flipped.db"
        for beside in BESIDE:
            beside(self._copy).write_bytes(beside(database).read_bytes())
        self._copy.write_bytes(self._content)
        self._schema, self._tables = read_all(self._copy)

    def flip(self, seed: int, number: int) -> Flips:
        """Flip ``number`` bits, one after the other, each in a fresh copy."""
        chosen, flips = random.Random(seed), Flips()  # noqa: S311 - the same bits each time are the point
        for _ in range(number):
            bit = chosen.randrange(len(self._content) * 8)
            changed = bytearray(self._content)
            changed[bit // 8] ^= 1 << bit % 8
            self._copy.write_bytes(changed)
            flips.ends[self._look(bit, flips)] += 1
        return flips

    def _look(self, bit: int, flips: Flips) -> str:
        try:
            with closing(sqlite3.connect(self._copy)) as connection:
                if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                    return "found"
            schema, tables = read_all(self._copy)
        except (sqlite3.Error, UnicodeError):
            schema, tables = [], {}
        if (schema, tables) == (self._schema, self._tables):
            return "unused"
        if self._check(schema).problems:
            return "found"
        if tables == self._tables:
            # Another spelling of the schema: a letter's case, a constraint's name.
            return "unused"
        columns = {column for name in self._tables for column in self._changed(name, tables)}
        if columns and columns <= BLIND.keys():
            flips.listed.update(columns)
            return "listed"
        flips.missed.append(f"bit {bit}: {sorted(columns)}")
        return "missed"

    def _check(self, schema: object) -> AuditReport:
        with Progress(disable=True) as bar:
            if schema != self._schema:
                return audit_database(self._copy, self._keys, bar, full=True)
            report = AuditReport()
            try:
                audit_contents(self._copy, self._keys, report, bar, full=True)
            except (sqlite3.Error, SQLAlchemyError) as error:
                report.add(str(error))
            return report

    def _changed(self, name: str, tables: Mapping[str, Table]) -> set[tuple[str, str]]:
        columns, before = self._tables[name]
        after = tables[name][1] if name in tables else []
        lost, gained = [row for row in before if row not in after], [row for row in after if row not in before]
        if len(lost) != len(gained):
            return {(name, column) for column in columns}
        pairs = zip(lost, gained, strict=True)
        return {(name, columns[at]) for old, new in pairs for at in range(len(columns)) if old[at] != new[at]}


def read_all(database: Path) -> tuple[list[tuple[Any, ...]], dict[str, Table]]:
    """Return the schema and every value of every table, text and bytes told apart.

    Raises:
        sqlite3.Error: something cannot be read.
    """
    with closing(sqlite3.connect(database)) as connection:
        connection.text_factory = lambda text: ("text", text)
        schema = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid").fetchall()
        tables: dict[str, Table] = {}
        for (_, kind), (_, name) in [row[:2] for row in schema]:
            if kind == b"table":
                query = f'SELECT * FROM "{name.decode(errors="surrogateescape")}"'  # noqa: S608 - a name of the schema
                cursor = connection.execute(query)
                tables[name.decode()] = [column[0] for column in cursor.description], sorted(cursor, key=repr)
    return schema, tables


def main() -> int:
    """Flip as many bits as are asked for; return 1 if one was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    configure_logs("error", stream=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        database = make_filled_store(data_dir)
        started = perf_counter()
        flips = Flipper(database, keys_of(data_dir), Path(folder)).flip(asked.seed, asked.flips)
        size = database.stat().st_size
    print(f"seed {asked.seed}, {size} bytes, {asked.flips} flips in {perf_counter() - started:.0f} s: {flips.words()}")  # noqa: T201 - its result
    for (table, column), count in sorted(flips.listed.items()):
        print(f"  listed: {count} in {table}.{column}")  # noqa: T201
    for missed in flips.missed:
        print(f"  MISSED {missed}")  # noqa: T201
    return 1 if flips.missed else 0


if __name__ == "__main__":
    sys.exit(main())
