"""Where a database is: a file, or on a server that can be asked."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, runtime_checkable

from sqlalchemy import Connection


@runtime_checkable
class DatabaseServer(Protocol):
    """A database on a server, and the folder of what is kept beside it: mark, list of the erased, notes."""

    def exists(self) -> bool:
        """Say whether there is a database that can be asked."""
        ...

    def with_suffix(self, suffix: str) -> Path:
        """Return the file of that suffix beside the database, as a path does."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """Open the database for reading one state.

        Raises:
            Unavailable: it cannot be reached or read.
        """
        ...

    def changing(self) -> AbstractContextManager[Connection]:
        """Open the database for one change that is made together or not at all.

        Raises:
            Unavailable: it cannot be reached or written.
        """
        ...


StoredAt = Path | DatabaseServer
"""The file of SQLite, or a database on a server."""
