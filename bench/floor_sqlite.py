"""Floor: durable SQLite commits per second of one core (WAL, synchronous=FULL), one row each or ``GROUP`` rows each."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import perf_counter

from eztong.adapters.storage.sqlite.connections import connect_writer

SECONDS = 3.0


def main() -> None:
    """Print rows per second."""
    group = int(sys.argv[1])
    with tempfile.TemporaryDirectory(dir=".") as folder:
        connection = connect_writer(Path(folder) / "floor.db")
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)")
        count, started = 0, perf_counter()
        while perf_counter() - started < SECONDS:
            connection.execute("BEGIN IMMEDIATE")
            for _ in range(group):
                connection.execute("INSERT INTO t (body) VALUES (?)", (b"x" * 400,))
            connection.execute("COMMIT")
            count += group
        print(count / (perf_counter() - started))
        connection.close()


if __name__ == "__main__":
    main()
