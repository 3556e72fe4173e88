"""Clocks: the machine's, and the sandbox's, which can be moved forward."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from typing_extensions import override

from eztong.domain.errors import InputInvalid
from eztong.ports.clock import Clock

MAX_ADVANCE = timedelta(days=3660)


class SystemClock(Clock):
    """The machine's clock; the only reader of it."""

    @override
    def now(self) -> datetime:
        return datetime.now(UTC)


class SandboxClock(Clock):
    """A clock that runs at the base clock's pace, shifted by an offset that only grows."""

    def __init__(self, base: Clock, offset: timedelta) -> None:
        """Show ``base`` plus ``offset``."""
        self._base = base
        self._offset = offset
        self._gate = threading.Lock()

    @override
    def now(self) -> datetime:
        return self._base.now() + self._offset

    @property
    def offset(self) -> timedelta:
        """How far this clock stands from its base."""
        return self._offset

    def set_offset(self, offset: timedelta) -> None:
        """Take over an offset that was stored earlier."""
        with self._gate:
            self._offset = offset

    def advance(self, by: timedelta) -> timedelta:
        """Move forward; return the new offset.

        Raises:
            InputInvalid: backwards, or more than ten years at once.
        """
        if not timedelta() <= by <= MAX_ADVANCE:
            raise InputInvalid("The sandbox clock moves forward only, by at most ten years at once.")
        with self._gate:
            self._offset += by
            return self._offset
