"""A value of the store in memory: one look every two seconds at most, for every page and message together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

import structlog

from eztong.domain.errors import EztongError
from eztong.ports.clock import Clock
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import Store

T = TypeVar("T")
_FRESH: Final = timedelta(seconds=2)
_log = structlog.get_logger(__name__)


class RarelyRead(Generic[T]):
    """The value of one process. Safe to use from any thread; whoever comes while one looks gets what was read last."""

    def __init__(self, store: Store, clock: Clock, *, read: Callable[[Repositories], T], first: T, name: str) -> None:
        """Read nothing yet: it is ``first`` until a look succeeds. ``name`` is what the log calls it."""
        self._store = store
        self._clock = clock
        self._of = read
        self._name = name
        self._gate = threading.Lock()
        self._looked_at: datetime | None = None
        self._value = first

    def look(self) -> T:
        """Return the value, read anew if the last look is a few seconds old; one that cannot be read stays."""
        now = self._clock.now()
        # A clock that was moved, forward or back, makes the last look an old one.
        if self._looked_at is not None and abs(now - self._looked_at) < _FRESH:
            return self._value
        if self._gate.acquire(blocking=False):
            try:
                self._read(now)
            finally:
                self._gate.release()
        return self._value

    def _read(self, now: datetime) -> None:
        self._looked_at = now
        try:
            with self._store.read() as stored:
                self._value = self._of(stored)
        except Exception as error:  # noqa: BLE001 - no page or message is lost because of how it looks or reads
            problem = error.code if isinstance(error, EztongError) else type(error).__name__
            _log.warning(f"{self._name}_unread", problem=problem)
