"""Where the database is: the setting that names a server, and the file that there is without it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from eztong.adapters.storage.postgres.place import PostgresPlace
from eztong.adapters.storage.sql.stored_at import StoredAt
from eztong.domain.errors import StateConflict

_FILE: Final = "eztong.db"
_POSTGRES: Final = ("postgresql://", "postgres://")


class DatabaseOnServer(StateConflict):
    """What was asked for is about a database file, and the database is on a server."""

    code = "database_on_server"
    advice = (
        "The database is on a PostgreSQL server (EZTONG_DATABASE), and this is about a database file. "
        "Use the server's own tools, such as pg_dump and pg_restore: see docs/postgresql.md."
    )


def _check_address(url: SecretStr | None) -> SecretStr | None:
    if url is not None and not url.get_secret_value().startswith(_POSTGRES):
        raise ValueError("it must be postgresql://user@host/name; leave it out to use a file")
    return url


DatabaseAddress = Annotated[
    SecretStr | None,
    Field(
        min_length=1,
        description="database on a PostgreSQL server, as `postgresql://user@host/name`, of a sandbox only; without one "
        "the database is a file in the data folder. See docs/postgresql.md",
    ),
    AfterValidator(_check_address),
]


class DatabaseSettings(BaseSettings):
    """What says where the database is, and what is kept beside it."""

    data_dir: Annotated[Path, Field(description="folder of database and keyring")] = Path("var")
    database: DatabaseAddress = None

    @property
    def stored_at(self) -> StoredAt:
        """Where the database is."""
        if self.database is None:
            return self.database_file
        return PostgresPlace(self.database.get_secret_value(), self.data_dir)

    @property
    def database_file(self) -> Path:
        """The database file.

        Raises:
            DatabaseOnServer: there is none.
        """
        if self.database is not None:
            raise DatabaseOnServer
        return self.data_dir / _FILE
