"""Keeping the mark up to date: what was committed last, at most once a second."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import Final

from eztong.adapters.storage.beside.marks import raise_marks

_PAUSE_SECONDS: Final = 1.0


class Marker:
    """Writes the newest committed note into the mark. Any thread may call; only one writes."""

    def __init__(
        self, mark: Path, newest_notes: Callable[[], Sequence[str]], *, now: Callable[[], float] = monotonic
    ) -> None:
        """Keep ``mark`` with what ``newest_notes`` returns, one of each writer; ``now`` counts seconds."""
        self._mark = mark
        self._newest_notes = newest_notes
        self._now = now
        self._gate = threading.Lock()
        self._written: Sequence[str] = ()
        self._next = 0.0

    def write_if_due(self) -> bool:
        """Write if a second has passed and there is something new; return whether it was written.

        Raises:
            OSError, FolderLocked: it cannot be written; the next call tries again.
        """
        return self._now() >= self._next and self.write()

    def write(self) -> bool:
        """Write if there is something new; return whether it was written.

        Raises:
            OSError, FolderLocked: it cannot be written.
        """
        with self._gate:
            notes = self._newest_notes()
            if not notes or notes == self._written:
                return False
            raise_marks(self._mark, notes)
            self._written = notes
            self._next = self._now() + _PAUSE_SECONDS
        return True
