"""What a command may read of a database that no service has open: one setting, or the rows to check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, select

from eztong.adapters.storage.tables.queues import service_settings


@contextmanager
def reading(database: Path) -> Iterator[Connection]:
    """Open the database file for reading only."""
    engine = create_engine(f"sqlite:///file:{database}?mode=ro&uri=true")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def stored_setting(database: Path, name: str) -> str | None:
    """Return a setting of the installation; None if there is none, or no database."""
    if not database.exists():
        return None
    with reading(database) as connection:
        if not inspect(connection).has_table(service_settings.name):
            return None
        statement = select(service_settings.c.value).where(service_settings.c.name == name)
        value: str | None = connection.execute(statement).scalar_one_or_none()
    return value
