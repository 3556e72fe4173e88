"""The observer port: counts of what happened, for operators. Never a person, never an unbounded label."""

from __future__ import annotations

from typing import Protocol


class Observer(Protocol):
    """Counts events. Safe to call from any thread; must be quick and never raise."""

    def verification(self, outcome: str) -> None:
        """Count a verification."""
        ...

    def code_issued(self, channel: str) -> None:
        """Count an issued presentation code."""
        ...

    def registration(self, verdict: str) -> None:
        """Count a decided application."""
        ...

    def queue_failure(self, queue: str, kind: str) -> None:
        """Count a piece of queued work that failed and will be tried again; ``kind`` is the kind of failure."""
        ...
