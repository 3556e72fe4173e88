"""Connections to PostgreSQL: what every one of them is told, and what the server must be like."""

from __future__ import annotations

import select
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg import Connection as Driver
from psycopg import Cursor
from psycopg.pq import TransactionStatus
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg_dialect

from eztong.adapters.storage.postgres.sqlstates import is_of_store
from eztong.adapters.storage.sql.statements import Database, Seals
from eztong.domain.errors import StateConflict, Unavailable

DIALECT: Dialect = psycopg_dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it open
OLDEST_VERSION: Final = 140000
CONNECT_SECONDS: Final = 5
"""How long a server may take to let one in."""

_SETTINGS: Final = {
    "TimeZone": "UTC",
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
    # A commit is answered only when it is on disk, whatever the server's own default is.
    "synchronous_commit": "on",
}
_OF_READERS: Final = {"default_transaction_read_only": "on"}
_PREPARED_AFTER: Final = 2
"""A statement that comes so often is prepared by the server."""

_CHECK: Final = (
    "SELECT pg_encoding_to_char(encoding), datcollate, current_setting('server_version_num')::int "
    "FROM pg_database WHERE datname = current_database()"
)
_PLAIN_ORDER: Final = ("C", "POSIX", "C.UTF-8", "C.utf8")


class ServerUnsuitable(StateConflict):
    """The server or the database cannot be used as it is."""

    code = "database_unsuitable"
    advice = "Make a database with: createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 eztong."


class PostgresConnection:
    """A connection with one cursor; made again once it is lost. Used by one thread at a time."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        """Mean the database at ``url``; nothing is opened yet."""
        self._url = url
        self._settings = _SETTINGS | (_OF_READERS if read_only else {})
        self._driver: Driver[Any] | None = None
        self._cursor: Cursor[Any] | None = None

    def open(self) -> bool:
        """Connect if there is no connection that lives; return whether a new one was made.

        Raises:
            psycopg.Error: the server cannot be reached, or lets nobody in.
        """
        if self._driver is not None and not self._driver.closed:
            return False
        self._driver = connect(self._url, self._settings)
        self._cursor = self._driver.cursor()
        return True

    @property
    def status(self) -> TransactionStatus:
        """Return how the transaction of the connection stands, as the client knows it."""
        return TransactionStatus.UNKNOWN if self._driver is None else self._driver.info.transaction_status

    @property
    def is_stale(self) -> bool:
        """Say whether the server has spoken while nothing was asked: it has let go of the connection."""
        if self._driver is None or self._driver.closed:
            return True
        poll = select.poll()
        poll.register(self._driver.fileno(), select.POLLIN)
        return bool(poll.poll(0))

    def execute(self, sql: str, params: Mapping[str, Any] | None = None, /) -> Cursor[Any]:
        """Run one statement; what it returns holds until the next one.

        Raises:
            psycopg.Error: it failed.
        """
        return self._live().execute(sql, params)

    def executemany(self, sql: str, params: Any, /) -> Cursor[Any]:  # noqa: ANN401 - as the drivers declare it
        """Run one statement with each of many sets of parameters.

        Raises:
            psycopg.Error: one of them failed.
        """
        cursor = self._live()
        cursor.executemany(sql, list(params))
        return cursor

    def close(self) -> None:
        """Close the connection, if there is one."""
        driver, self._driver, self._cursor = self._driver, None, None
        if driver is not None:
            with suppress(psycopg.Error):
                driver.close()

    def _live(self) -> Cursor[Any]:
        if self._cursor is None:
            raise psycopg.InterfaceError("the connection is closed")
        return self._cursor


def connect(url: str, settings: Mapping[str, str] = _SETTINGS) -> Driver[Any]:
    """Connect and see that the database can be used; no transaction is begun by itself.

    Raises:
        psycopg.Error: the server cannot be reached, or lets nobody in.
        ServerUnsuitable: it is too old, or its texts have another encoding or order.
    """
    driver = psycopg.connect(
        url,
        autocommit=True,
        connect_timeout=CONNECT_SECONDS,
        options=" ".join(f"-c {name}={value}" for name, value in settings.items()),
        application_name="eztong",
        prepare_threshold=_PREPARED_AFTER,
        keepalives=1,
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
        tcp_user_timeout=20_000,
    )
    try:
        _check_server(driver)
    except BaseException:
        driver.close()
        raise
    return driver


def database_over(connection: PostgresConnection, *, seals: Seals | None = None) -> Database:
    """Return the statement runner over a connection; one that writes needs the ``seals``."""
    return Database(connection, DIALECT, seals=seals)


@contextmanager
def told_as_ours() -> Iterator[None]:
    """Turn what says something about server and connection into an error of ours; a wrong statement stays what it is.

    Raises:
        Unavailable: as :func:`raise_as_ours`.
    """
    try:
        yield
    except Exception as error:
        raise_as_ours(error)
        raise


def raise_as_ours(error: BaseException | None) -> None:
    """Raise what an error says about server and connection; return if it says nothing about them.

    The driver's own words are not repeated: they may quote values, and name hosts.

    Raises:
        Unavailable: the server cannot be reached, or cannot do it now.
    """
    if is_of_store(error):
        raise Unavailable("The database server cannot be used now.") from error


def _check_server(driver: Driver[Any]) -> None:
    row = driver.execute(_CHECK).fetchone()
    if row is None:
        raise ServerUnsuitable("The database server does not know the database.")
    encoding, collation, version = row
    if version < OLDEST_VERSION:
        raise ServerUnsuitable(f"PostgreSQL {OLDEST_VERSION // 10000} or newer is needed, the server is older.")
    if encoding != "UTF8" or collation not in _PLAIN_ORDER:
        raise ServerUnsuitable(
            f"The database has encoding {encoding} and order {collation}; UTF8 and C.UTF-8 are needed, "
            "since ids are compared by their bytes."
        )
