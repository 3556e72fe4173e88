"""A data folder that is started, changed by hand and looked at, as somebody does who has the file and no keys."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from eztong.adapters.notifier.inbox import VisibleInboxWarning
from eztong.domain.operators.posture import CheckFinding
from eztong.wiring.build import Built, build
from eztong.wiring.doctor import examine
from eztong.wiring.settings import Settings


@contextmanager
def started(data: Path) -> Iterator[Built]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VisibleInboxWarning)
        built = build(Settings(data_dir=data))
    try:
        yield built
    finally:
        built.close()


def change(data: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "eztong.db")) as connection, connection:
        return connection.execute(statement, values).fetchall()


def found(data: Path, check: str) -> CheckFinding:
    (one,) = [one for one in examine(Settings(data_dir=data)) if one.check == check]
    return one
