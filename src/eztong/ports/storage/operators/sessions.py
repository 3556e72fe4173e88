"""The repository of operators' signed-in browsers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.operators.session import OperatorSession


class OperatorSessionRepository(Protocol):
    """Sessions of operators by the keyed hash of their token."""

    def add(self, session: OperatorSession) -> None:
        """Store a session."""
        ...

    def get(self, session_hash: bytes) -> OperatorSession | None:
        """Return the session."""
        ...

    def of_operator(self, operator: str) -> Sequence[OperatorSession]:
        """Return the operator's sessions that nobody ended, newest first."""
        ...

    def note_use(self, session_hash: bytes, *, now: datetime) -> bool:
        """Write down that it is used, if it has not ended; return whether it has not."""
        ...

    def prove(self, session_hash: bytes, *, now: datetime) -> bool:
        """Write down that its operator proved a second factor in it, if it has not ended; return whether it has not."""
        ...

    def end(self, session_hash: bytes, *, now: datetime) -> bool:
        """End the session; return whether this call did it."""
        ...

    def end_all(self, operator: str, *, now: datetime) -> int:
        """End every session of the operator; return how many this call ended."""
        ...
