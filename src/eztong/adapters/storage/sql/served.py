"""What a serving process needs of its store beside the port: a loop to serve on, and what lies beside the database."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from eztong.ports.storage.store import Store

DRAIN_SECONDS = 4.0
"""How long a stop waits for accepted writes before it refuses them."""


class ServedStore(Store, Protocol):
    """A store that a process serves from."""

    def on_event_loop(self, *, drain_seconds: float = DRAIN_SECONDS) -> AbstractAsyncContextManager[None]:
        """Serve requests of the current event loop while the block lasts; nothing accepted is lost on either change.

        At the end accepted writes get ``drain_seconds``; what takes longer is refused and logged.

        Raises:
            Unavailable: there is no thread to write with.
        """
        ...

    def is_in_place(self) -> bool:
        """Say whether the database is where it was opened: only then do the files beside it say anything."""
        ...

    def keep_mark(self) -> bool:
        """Write the mark beside the database, at most once a second; return whether it was written.

        Not for use on an event loop or in a unit of work.

        Raises:
            OSError, FolderLocked: it cannot be written.
        """
        ...

    def forget_overwritten(self) -> bool:
        """Leave nothing of what was overwritten in files that we keep; return whether that was possible just now.

        Raises:
            Unavailable, DatabaseDamaged: they cannot be opened.
        """
        ...
