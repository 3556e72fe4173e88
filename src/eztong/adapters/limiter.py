"""Limits in memory: sliding windows over the service's own clock, so that the sandbox's clock moves them too."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from typing_extensions import override

from eztong.domain.errors import TooMany
from eztong.ports.clock import Clock
from eztong.ports.limiter import Limit, Limiter

MAX_SUBJECTS = 100_000


@dataclass(slots=True)
class _Window:
    start: float
    count: int
    before: int


class MemoryLimiter(Limiter):
    """Counts per limit and subject in the current and the previous window, weighted by how far the current has gone.

    Two numbers a subject instead of a list of times: the cost does not grow with the limit. Counts are lost on a
    restart, which forgives, and never locks out.
    """

    def __init__(self, clock: Clock) -> None:
        """Count by ``clock``."""
        self._clock = clock
        self._windows: dict[tuple[str, str], _Window] = {}
        self._gate = threading.Lock()

    @override
    def hit(self, limit: Limit, subject: str) -> None:
        now = self._clock.now().timestamp()
        with self._gate:
            window = self._current(limit, subject, now)
            _refuse_if_full(limit, window, now)
            window.count += 1

    @override
    def check(self, limit: Limit, subject: str) -> None:
        now = self._clock.now().timestamp()
        with self._gate:
            _refuse_if_full(limit, self._current(limit, subject, now), now)

    def _current(self, limit: Limit, subject: str, now: float) -> _Window:
        key = (limit.name, subject)
        window = self._windows.get(key)
        if window is None:
            if len(self._windows) >= MAX_SUBJECTS:
                # The oldest entry goes: insertion order is close enough to age, and memory stays bounded.
                del self._windows[next(iter(self._windows))]
            window = self._windows[key] = _Window(now, 0, 0)
        passed = int((now - window.start) // limit.seconds)
        if passed:
            window.before = window.count if passed == 1 else 0
            window.count = 0
            window.start += passed * limit.seconds
        return window


def _refuse_if_full(limit: Limit, window: _Window, now: float) -> None:
    gone = (now - window.start) / limit.seconds
    if window.count + window.before * (1 - gone) < limit.amount:
        return
    rest = limit.seconds - (now - window.start)
    # A full current window must become the previous one and then fade; a fading one only has to fade.
    wait = rest + 1 if window.count >= limit.amount else rest * (window.count + window.before - limit.amount + 1) / max(
        window.before, 1
    )
    raise TooMany(retry_after=max(1, int(wait) + 1))
