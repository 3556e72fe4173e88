"""What ``eztong db check`` counted and found, and its read-only look into the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from eztong.adapters.storage.sqlite.connections import read_only_uri
from eztong.domain.canonical_json import render_time

_MAX_PROBLEMS: Final = 100


@dataclass(slots=True)
class AuditReport:
    """What was looked at, what is wrong, and up to which moment a missing end would have been seen."""

    batches: int = 0
    leaves: int = 0
    sealed_leaves: int = 0
    ended_leaves: int = 0
    rows: int = 0
    fields: int = 0
    erased: int = 0
    vouched_until: datetime | None = None
    problems: list[str] = field(default_factory=list)

    def add(self, problem: str) -> None:
        """Note a problem; beyond a hundred they are only repeating themselves."""
        if len(self.problems) < _MAX_PROBLEMS:
            # Damaged text may hold anything; what is printed must not fail over it.
            self.problems.append(problem.encode("ascii", "backslashreplace").decode())

    def as_json(self) -> dict[str, Any]:
        """Return the report for a machine."""
        return {
            "ok": not self.problems,
            "batches": self.batches,
            "leaves": self.leaves,
            "sealed_leaves": self.sealed_leaves,
            "ended_leaves": self.ended_leaves,
            "rows": self.rows,
            "opened_fields": self.fields,
            "erased_fields": self.erased,
            "vouched_until": None if self.vouched_until is None else render_time(self.vouched_until),
            "problems": self.problems,
        }

    def words(self) -> str:
        """Return the report for a person."""
        sealed = f" ({self.sealed_leaves} more are sealed; their place was checked)" if self.sealed_leaves else ""
        ended = f" ({self.ended_leaves} more ended by rule; their leaves stand)" if self.ended_leaves else ""
        opened = f", opened {self.fields} sealed fields" if self.fields else ""
        end = f"{len(self.problems)} problems." if self.problems else "no problem."
        counted = f"{self.batches} signed batches, {self.leaves} documents{sealed}{ended} and {self.rows} sealed rows"
        return f"Checked {counted}{opened}: {end} {self._reach()}"

    def _reach(self) -> str:
        if self.vouched_until is None:
            return "There is no mark beside the database, so a missing end would not be seen."
        return f"A missing end would have been seen up to {render_time(self.vouched_until)}; what is newer cannot be."


class Rows:
    """A read-only look at the database file, which copes with text that is none."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Look through ``connection``."""
        connection.text_factory = lambda text: text.decode(errors="surrogateescape")
        self._connection = connection

    def of(self, sql: str, *values: object) -> Iterator[Sequence[Any]]:
        """Return the rows of a query, one by one."""
        return iter(self._connection.execute(sql, values))

    def first(self, sql: str, *values: object) -> Sequence[Any] | None:
        """Return the first row, or None."""
        row: Sequence[Any] | None = self._connection.execute(sql, values).fetchone()
        return row


@contextmanager
def rows_of(database: Path) -> Iterator[Rows]:
    """Open the database file for reading only."""
    with closing(sqlite3.connect(read_only_uri(database), uri=True)) as connection:
        # One moment for the whole check, while a server goes on writing.
        connection.isolation_level = None
        connection.execute("BEGIN")
        # The moment is that of the first statement that reads.
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        yield Rows(connection)
