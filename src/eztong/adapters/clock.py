"""Clocks: the machine's, and the sandbox's, which can be moved forward."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from time import time_ns
from typing import Final

from typing_extensions import override

from eztong.domain.errors import InputInvalid
from eztong.ports.clock import Clock

_NS_IN_MS: Final = 1_000_000
MAX_ADVANCE = timedelta(days=3660)
"""Ten years: the most that a move may add, and the furthest that the sandbox may stand ahead of its base."""


class SystemClock(Clock):
    """The machine's clock; the only reader of it. It tells milliseconds, so that what is answered is what is stored."""

    @override
    def now(self) -> datetime:
        return datetime.fromtimestamp(time_ns() // _NS_IN_MS / 1000, UTC)


class SandboxClock(Clock):
    """A clock that runs at the base clock's pace, shifted by an offset. Safe to share between threads.

    The offset may be negative (a sandbox that opens on a fixed day); moving it on only ever adds to it.
    """

    def __init__(self, base: Clock, offset: timedelta) -> None:
        """Show ``base`` plus ``offset``.

        Raises:
            InputInvalid: more than ten years ahead of ``base``.
        """
        _check_not_too_far(offset)
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
        """Take over an offset that was stored earlier.

        Raises:
            InputInvalid: more than ten years ahead of the base.
        """
        _check_not_too_far(offset)
        with self._gate:
            self._offset = offset

    def reach(self, offset: timedelta) -> None:
        """Move forward to an offset that was stored; one that lies behind changes nothing.

        Moves that were stored one after the other may arrive here in any order: the furthest one holds.

        Raises:
            InputInvalid: more than ten years ahead of the base.
        """
        _check_not_too_far(offset)
        with self._gate:
            self._offset = max(self._offset, offset)


def moved(offset: timedelta, by: timedelta) -> timedelta:
    """Return ``offset`` moved forward by ``by``.

    Raises:
        InputInvalid: backwards, or more than ten years at once or ahead of the base.
    """
    if not timedelta() <= by <= MAX_ADVANCE:
        raise InputInvalid("The sandbox clock moves forward only, by at most ten years at once.")
    _check_not_too_far(offset + by)
    return offset + by


def _check_not_too_far(offset: timedelta) -> None:
    if offset > MAX_ADVANCE:
        raise InputInvalid("The sandbox clock cannot stand more than ten years ahead of the machine's.")
