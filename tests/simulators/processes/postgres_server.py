"""A PostgreSQL server of a test's own: a cluster in memory that nobody else reaches, over a socket in its own folder.

The server refuses to run as root, so for root it runs as the user that Debian's package makes. Nothing of what is
written reaches a disk before it must: no test here is about what outlives a power cut of a PostgreSQL server.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from eztong.adapters.storage.postgres.place import PostgresPlace
from eztong.adapters.storage.postgres.schema import upgrade_schema
from eztong.adapters.storage.sql.tables import metadata
from tests.memory import MEMORY

_SERVER_USER: Final = "postgres"
_STARTS_WITHIN: Final = 30.0
_OPTIONS: Final = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
}


class NoPostgres(RuntimeError):
    """There is no PostgreSQL server on this machine."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server that runs; ``folder`` holds its socket."""

    folder: Path
    process: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        """Return the address of one of its databases, as the setting takes it."""
        return f"postgresql:///{database}?host={self.folder}&user={_SERVER_USER}"

    def make_database(self, name: str, *, template: str = "template0") -> str:
        """Make a database and return its address."""
        # Names are of tests alone; a parameter cannot stand here.
        order = "LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        sql = f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\' {order}'
        self.run("postgres", sql)
        return self.url(name)

    def run(self, database: str, sql: str) -> None:
        """Run one statement outside any transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(sql.encode())

    def stop(self) -> None:
        """Stop at once, without anything in the way."""
        self.process.kill()
        self.process.wait()


class EmptyDatabase:
    """One database of the current schema, lent to one test after the other: to empty it is quicker than to make one."""

    def __init__(self, server: PostgresServer) -> None:
        """Make it."""
        self.server = server
        self._url = server.make_database("lent")
        upgrade_schema(PostgresPlace(self._url, server.folder))
        names = ", ".join(f"'{name}'" for name in metadata.tables)
        self._empty = (
            f"DO $$ DECLARE name text; BEGIN FOREACH name IN ARRAY ARRAY[{names}] LOOP "  # noqa: S608 - our own names
            "EXECUTE format('DELETE FROM %I', name); END LOOP; END $$"
        )
        self._connection = psycopg.connect(self._url, autocommit=True)

    def lend(self) -> str:
        """Return its address; there is nothing in it."""
        self._connection.execute(self._empty.encode())
        return self._url

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server and stop it at the end.

    Raises:
        NoPostgres: it is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="pg-", dir=MEMORY) as name:
        folder = Path(name)
        cluster, user = folder / "cluster", _SERVER_USER if os.geteuid() == 0 else None
        if user is not None:
            owner = pwd.getpwnam(user)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        subprocess.run(
            [
                _program("initdb"),
                "-D",
                cluster,
                "-U",
                _SERVER_USER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-N",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            user=user,
            cwd=folder,
        )
        options = [part for key, value in _OPTIONS.items() for part in ("-c", f"{key}={value}")]
        process = subprocess.Popen(
            [_program("postgres"), "-D", cluster, "-k", folder, *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=user,
            cwd=folder,
        )
        server = PostgresServer(folder, process)
        try:
            _wait_for(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                server.stop()


def _program(name: str) -> str:
    found = shutil.which(name) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None)
    if found is None:
        raise NoPostgres("PostgreSQL is not installed: the package is called postgresql.")
    return found


def _wait_for(server: PostgresServer) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while True:
        try:
            psycopg.connect(server.url("postgres")).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline or server.process.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return
