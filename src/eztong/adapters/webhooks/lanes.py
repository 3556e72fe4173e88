"""Slots for tries: each lane has its own, and a try that is waited for long holds none that another could use.

A try takes a slot of its lane for its first second. After that it goes on beside them, up to a bound for the lane, so
that servers which never answer make nobody else wait: neither in another lane, nor long in their own.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Final

_HOLDS_FOR: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneSize:
    """How many tries may begin within a second, and how many may be under way."""

    slots: int
    under_way: int


class Lane:
    """The tries of one queue, each in a thread."""

    def __init__(self, name: str, size: LaneSize) -> None:
        """Prepare; threads begin when they are needed."""
        self._size = size
        self._threads = ThreadPoolExecutor(self._size.under_way, thread_name_prefix=name)
        self._gate = Lock()
        self._begun: dict[int, float] = {}
        self._next = 0

    def free(self) -> int:
        """Return how many tries may begin now."""
        with self._gate:
            since = monotonic() - _HOLDS_FOR
            fresh = sum(begun > since for begun in self._begun.values())
            return max(0, min(self._size.slots - fresh, self._size.under_way - len(self._begun)))

    def begin(self, work: Callable[[], None]) -> None:
        """Do the work in a thread of the lane; it must raise nothing."""
        with self._gate:
            self._next += 1
            number = self._next
            self._begun[number] = monotonic()
        self._threads.submit(self._do, number, work)

    def close(self) -> None:
        """Wait for what is under way; what has not begun never does."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _do(self, number: int, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            with self._gate:
                del self._begun[number]
