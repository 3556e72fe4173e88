"""A database on a PostgreSQL server, as commands and checks ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from psycopg import Connection as Driver
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.pool import NullPool
from typing_extensions import override

from eztong.adapters.storage.postgres.connections import connect, told_as_ours
from eztong.adapters.storage.sql.stored_at import DatabaseServer

_NAME: Final = "eztong"
# A change of the schema may take its time.
_OF_CHANGES: Final = {"TimeZone": "UTC", "lock_timeout": "5s", "synchronous_commit": "on"}
_OF_LOOKS: Final = {"TimeZone": "UTC", "statement_timeout": "60s", "default_transaction_read_only": "on"}


@dataclass(frozen=True, slots=True)
class PostgresPlace(DatabaseServer):
    """The address of a database, and the folder of the files that are kept beside it."""

    url: str = field(repr=False)
    folder: Path

    @override
    def exists(self) -> bool:
        # Whether it can be reached is said by whoever asks it something.
        return True

    @override
    def with_suffix(self, suffix: str) -> Path:
        return self.folder / f"{_NAME}{suffix}"

    @override
    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with told_as_ours(), _engine(self.url, changes=False).connect() as connection, connection.begin():
            yield connection

    @override
    @contextmanager
    def changing(self) -> Iterator[Connection]:
        with told_as_ours(), _engine(self.url, changes=True).connect() as connection, connection.begin():
            yield connection


# It holds no connection; to make one takes longer than to connect.
@lru_cache(maxsize=4)
def _engine(url: str, *, changes: bool) -> Engine:
    settings: Mapping[str, str] = _OF_CHANGES if changes else _OF_LOOKS
    isolation = "SERIALIZABLE" if changes else "REPEATABLE READ"

    def open_one() -> Driver[Any]:
        driver = connect(url, settings)
        # SQLAlchemy begins transactions by the driver's own means.
        driver.autocommit = False
        return driver

    return create_engine(
        URL.create("postgresql+psycopg"), creator=open_one, poolclass=NullPool, isolation_level=isolation
    )
