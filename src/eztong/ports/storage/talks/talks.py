"""The repository of talks with the service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.talks.talk import Talk, TalkStep


class TalkRepository(Protocol):
    """Talks by their ticket, with every step that was taken in them."""

    def add(self, talk: Talk) -> bool:
        """Store talks; return False, and store nothing, if the ticket has them already."""
        ...

    def get(self, ticket_id: str) -> Talk | None:
        """Return the talks of a ticket."""
        ...

    def running(self, *, limit: int) -> Listed[Talk]:
        """Return talks that have not ended, the oldest first."""
        ...

    def move(self, seen: Talk, moved: Talk) -> bool:
        """Change talks to ``moved`` if their stage and proposal are those that were seen; return whether they were."""
        ...

    def add_step(self, step: TalkStep) -> None:
        """Store a step."""
        ...

    def steps(self, ticket_id: str) -> Sequence[TalkStep]:
        """Return the steps of a ticket's talks, oldest first."""
        ...
