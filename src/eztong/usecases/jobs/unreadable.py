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
        self._pause_after = RULES[kind].backoff.pause_after
        self._known: dict[bytes, tuple[int, datetime]] = {}

    def __len__(self) -> int:
        """Return how many rows are known, which come before others in vain."""
        return len(self._known)

    def rests(self, row: bytes, *, now: datetime) -> bool:
        """Say whether a row failed before and is not to be tried yet."""
        return row in self._known and now < self._known[row][1]

    def try_again(self, met: Iterable[UnreadableJob], *, now: datetime) -> Sequence[str]:
        """Return the failures of those rows whose time has come, which wait longer from now on; forget all others."""
        failures, known = list[str](), dict[bytes, tuple[int, datetime]]()
        for one in met:
            tries, at = self._known.get(one.row, (0, now))
            if now >= at:
                failures.append(one.failure)
                tries, at = tries + 1, now + self._pause_after(tries)
            known[one.row] = (tries, at)
        self._known = known
        return failures
