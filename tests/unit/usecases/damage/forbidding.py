"""What the database refuses: the one failure that no use case can look past."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tests.unit.usecases.stage import FILE, Stage


@contextmanager
def forbidden(stage: Stage, change: str, when: str) -> Iterator[None]:
    """Let the database refuse a change, such as ``UPDATE ON holders``, of certain rows while the block lasts."""
    refuse = f"CREATE TRIGGER refuse BEFORE {change} WHEN {when} BEGIN SELECT RAISE(ABORT, 'refused'); END"
    with closing(sqlite3.connect(stage.folder / FILE)) as connection:
        with connection:
            connection.execute(refuse)
        yield
        with connection:
            connection.execute("DROP TRIGGER refuse")
