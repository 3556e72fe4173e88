"""Whether the clock may be believed for what cannot be undone: erasing accounts, and removing what is old.

A clock that is set forward by mistake ends every cooling at once, and setting it right brings nothing back. Two things
show it: the machine's other clock, which only counts seconds, and, at a start, what was signed last.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

DOUBT: Final = timedelta(hours=2)
"""A leap, or a distance from what was signed last, that makes the clock doubtful."""

REST: Final = timedelta(hours=2)
"""How long nothing is erased then: somebody can look. A service that stood still for a while rests as long."""


def is_far_from(newest: datetime | None, *, now: datetime) -> bool:
    """Say whether a clock is further than :data:`DOUBT` from when something was signed last, if ever."""
    return newest is not None and abs(now - newest) > DOUBT


class ClockWatch:
    """Watches a clock beside the seconds that passed."""

    def __init__(
        self,
        now: Callable[[], datetime],
        seconds: Callable[[], float],
        *,
        newest: datetime | None,
        was_in_doubt: bool = False,
    ) -> None:
        """Watch ``now``; ``seconds`` never leaps; ``newest`` is when something was signed last.

        ``was_in_doubt`` says that a process before this one doubted, and ended before its rest was over: what it
        signed meanwhile fits the clock, however wrong that is.
        """
        self._now = now
        self._seconds = seconds
        self._since: float | None = None
        self._apart = self._distance()
        if was_in_doubt or is_far_from(newest, now=now()):
            self._since = seconds()

    def is_settled(self) -> bool:
        """Say whether the clock has gone evenly for :data:`REST`, or was never in doubt."""
        apart = self._distance()
        if abs(apart - self._apart) > DOUBT:
            self._since = self._seconds()
        self._apart = apart
        return self._since is None or self._seconds() - self._since >= REST.total_seconds()

    def _distance(self) -> timedelta:
        return timedelta(seconds=self._now().timestamp() - self._seconds())
