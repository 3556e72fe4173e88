"""Opening a database for a look or one change, wherever it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from eztong.adapters.storage.sql.stored_at import StoredAt
from eztong.adapters.storage.sqlite import schema


@contextmanager
def reading(database: StoredAt) -> Iterator[Connection]:
    """Open a database for reading one state; nothing of it is changed.

    Raises:
        DatabaseDamaged, Unavailable: it cannot be read.
    """
    opened = schema.reading(database) if isinstance(database, Path) else database.reading()
    with opened as connection:
        yield connection
