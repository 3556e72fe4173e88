"""What a worker knows of rows that cannot be read or leased: when each was met, and when it is looked at again.

Such a row cannot be counted on to be changed, so that it waits is kept by whoever works and forgotten with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from eztong.domain.jobs.job import RULES, JobKind, UnreadableJob


class UnreadableJobs:
    """The unreadable rows of one queue, each with its tries and the time of the next."""

    def __init__(self, kind: JobKind) -> None:
        """Know of none."""
        self._pause_after, self._longest = RULES[kind].backoff.pause_after, RULES[kind].backoff.longest
        self._known: dict[bytes, tuple[int, datetime]] = {}

    def __len__(self) -> int:
        """Return how many rows are known, which come before others in vain."""
        return len(self._known)

    def rests(self, row: bytes, *, now: datetime) -> bool:
        """Say whether a row failed before and is not to be tried yet."""
        return row in self._known and self._is_later(self._known[row][1], now=now)

    def try_again(self, met: Iterable[UnreadableJob], *, now: datetime) -> Sequence[str]:
        """Return the failures of those rows whose time has come, which wait longer from now on; forget all others."""
        failures, known = list[str](), dict[bytes, tuple[int, datetime]]()
        for one in met:
            tries, at = self._known.get(one.row, (0, now))
            if not self._is_later(at, now=now):
                failures.append(one.failure)
                tries, at = tries + 1, now + self._pause_after(tries)
            known[one.row] = (tries, at)
        self._known = known
        return failures

    def _is_later(self, at: datetime, *, now: datetime) -> bool:
        # What lies beyond the longest pause was set by a clock that stood ahead.
        return now < at <= now + self._longest
