"""A gate before work that is slow or depends on others: a few inside, a few waiting for a moment, nobody else.

Handlers run on worker threads that all pages share. Whoever waits at a gate holds such a thread, so a gate bounds both
who is inside and who waits, and nobody waits longer than its patience: the pages go on whatever happens behind it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from eztong.domain.errors import Busy

RETRY_SECONDS: Final = 2


class BoundedGate:
    """Lets ``at_once`` in, keeps ``waiting`` more for at most ``patience`` seconds each."""

    def __init__(self, *, at_once: int, waiting: int, patience: float) -> None:
        """Start with nobody inside."""
        self._inside = threading.BoundedSemaphore(at_once)
        self._present = threading.BoundedSemaphore(at_once + waiting)
        self._patience = patience
        self._mine = threading.local()

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Be inside for the length of a block; a thread that is inside already just goes on.

        Raises:
            Busy: too many wait already, or the wait took too long; the block was not begun.
        """
        if getattr(self._mine, "is_inside", False):
            yield
            return
        if not self._present.acquire(blocking=False):
            raise Busy(retry_after=RETRY_SECONDS)
        try:
            if not self._inside.acquire(timeout=self._patience):
                raise Busy(retry_after=RETRY_SECONDS)
            self._mine.is_inside = True
            try:
                yield
            finally:
                self._mine.is_inside = False
                self._inside.release()
        finally:
            self._present.release()
