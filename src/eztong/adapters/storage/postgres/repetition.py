"""Running a round until it is decided: what stood in its way is gone the next time, or the time is over."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from time import monotonic, sleep
from typing import Final

from eztong.adapters.storage.postgres.sqlstates import ErrorMeans, verdict_on
from eztong.adapters.storage.postgres.turns import Turns
from eztong.adapters.storage.rounds.group_commit import GroupCommit, Round
from eztong.adapters.storage.rounds.transaction import OutcomeUnknown
from eztong.domain.errors import Unavailable

MOST_TRIES: Final = 20
MOST_SECONDS: Final = 10.0
"""How long a job may stand in others' way, or wait for a server that comes back; then it is refused."""

TOGETHER: Final = 2
"""How often a round is tried beside others of this process."""

_FIRST_PAUSE: Final = 0.001
_LONGEST_PAUSE: Final = 0.2
_OTHERS: Final = "Others kept changing the same; nothing was written. Try again after a moment."
_NOT_NOW: Final = "The database server cannot be used now; nothing was written. Try again after a moment."
_AGAIN: Final = frozenset({ErrorMeans.AGAIN, ErrorMeans.RECONNECT})


class _AnotherWasFirst(Exception):
    """A job met a row that another transaction may have made since this one began."""


class Repetition:
    """Runs rounds on one connection, and counts how often one had to be run again."""

    def __init__(
        self, commit: GroupCommit, turns: Turns, share: Callable[[], float], *, now: Callable[[], float] = monotonic
    ) -> None:
        """Run rounds of ``commit`` in ``turns``; ``share`` draws from 0 up to 1 how much of a pause is waited."""
        self._commit = commit
        self._turns = turns
        self._share = share
        self._now = now
        self.repeats = 0

    def see_through(self, current: Round, *, give_up: Callable[[], bool]) -> None:
        """Run a round until it is decided, or its time is over, or ``give_up`` says so. Nobody is told yet."""
        deadline, is_careful, has_met = self._now() + MOST_SECONDS, current.careful, False
        for number in count(1):
            # Whoever was undone twice has the process to itself: others would undo it again.
            with self._turns.together() if number <= TOGETHER else self._turns.alone():
                self._run(current, looks_for_others=not has_met)
            has_met = has_met or isinstance(current.failure, _AnotherWasFirst)
            if not _runs_again(current.failure) or number >= MOST_TRIES or self._now() >= deadline or give_up():
                break
            self.repeats += 1
            sleep(min(_FIRST_PAUSE * 2**number, _LONGEST_PAUSE) * self._share())
            _begin_anew(current, is_careful=is_careful)
        current.failure = _told(current.failure)

    def _run(self, current: Round, *, looks_for_others: bool) -> None:
        commit = self._commit
        commit.begin(current)
        while current.failure is None and not commit.run(current):
            commit.begin(current)
        if looks_for_others and current.failure is None and _has_met_another(current):
            commit.fail(current, _AnotherWasFirst())
        commit.finish(current)


def _has_met_another(current: Round) -> bool:
    return any(verdict_on(outcome.error) is ErrorMeans.ONCE_MORE for outcome in current.outcomes)


def _runs_again(failure: BaseException | None) -> bool:
    if isinstance(failure, _AnotherWasFirst):
        return True
    if isinstance(failure, OutcomeUnknown):
        # The server says that it undid it; a connection that was lost says nothing.
        return verdict_on(failure.__cause__) is ErrorMeans.AGAIN
    return verdict_on(failure) in _AGAIN


def _told(failure: BaseException | None) -> BaseException | None:
    """Return what the callers of a round that is decided are told."""
    if isinstance(failure, _AnotherWasFirst):
        return Unavailable(_OTHERS)
    cause = failure.__cause__ if isinstance(failure, OutcomeUnknown) else failure
    verdict = verdict_on(cause)
    if isinstance(failure, OutcomeUnknown) and verdict in {None, ErrorMeans.RECONNECT}:
        return failure
    if verdict is None:
        return failure
    refused = Unavailable(_OTHERS if verdict is ErrorMeans.AGAIN else _NOT_NOW)
    refused.__cause__ = cause
    return refused


def _begin_anew(current: Round, *, is_careful: bool) -> None:
    current.careful, current.failure, current.batch = is_careful, None, None
    current.outcomes, current.left_out = [], ()
