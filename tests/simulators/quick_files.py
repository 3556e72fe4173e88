"""Files of tests that are not about files: a database that was migrated once, and folders in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from eztong.adapters.storage.sqlite.connections import restrict_file
from eztong.adapters.storage.sqlite.schema import upgrade_schema
from tests.memory import MEMORY


@contextmanager
def folder_in_memory(prefix: str) -> Iterator[Path]:
    """Lend a folder of one's own, in memory if possible."""
    with tempfile.TemporaryDirectory(prefix=prefix, dir=MEMORY) as folder:
        yield Path(folder)


def new_database(path: Path) -> Path:
    """Make an empty database of the current schema, as all migrations make it, and return its path."""
    restrict_file(path)
    path.write_bytes(_migrated())
    return path


@lru_cache(maxsize=1)
def _migrated() -> bytes:
    with folder_in_memory("schema-") as folder:
        upgrade_schema(folder / "empty.db")
        return (folder / "empty.db").read_bytes()
