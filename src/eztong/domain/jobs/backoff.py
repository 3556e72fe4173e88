"""How long to wait before trying again: pauses that double up to a longest one, for every kind of work.

Any number of tries is fine: what waits for hours or years keeps its place and never waits longer than the longest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses of ``first``, twice that, four times that, and so on, but never more than ``longest``."""

    first: timedelta
    longest: timedelta

    def pause_after(self, failures: int) -> timedelta:
        """Return the pause after a try that failed ``failures`` times before."""
        # So many doublings reach beyond the longest pause; more of them would only leave what a timedelta can hold.
        if failures >= (self.longest // self.first).bit_length():
            return self.longest
        return min(self.first * (1 << max(failures, 0)), self.longest)
