"""The repository of what people do with applications: appeals, and operators' decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from eztong.domain.damage import Listed
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.registration import ApplicationStep

UNDATED: Final = 10**14
"""Milliseconds that an application without a day stands behind those with one: more than any clock shows."""


@dataclass(frozen=True, slots=True)
class WaitingApplication:
    """An application under review; ``place`` is where it stands in the queue, in milliseconds."""

    holder: Holder
    place: int

    @property
    def due(self) -> datetime | None:
        """By when it is decided, if a day was set."""
        return None if self.place >= UNDATED else datetime.fromtimestamp(self.place / 1000, UTC)


class ApplicationRepository(Protocol):
    """Applications that wait for a person or an answer, and the steps of people in them. No step is ever changed."""

    def add(self, step: ApplicationStep) -> None:
        """Store a step."""
        ...

    def steps(self, holder_id: HolderId) -> Sequence[ApplicationStep]:
        """Return the application's steps, oldest first."""
        ...

    def erase(self, holder_id: HolderId) -> None:
        """Remove the steps of an application of which nothing is kept."""
        ...

    def asked_after(self, holder_id: HolderId, *, limit: int) -> Listed[HolderId]:
        """Return the ids of applications that wait for an answer, in their order, from behind ``holder_id``."""
        ...

    def queue(self, *, after: tuple[int, str] | None = None, limit: int) -> Listed[WaitingApplication]:
        """Return the applications under review: first those with a day, what is due first at the top, then by age.

        ``after`` is the last one's :attr:`WaitingApplication.place`, and its id, of the page before.
        """
        ...

    def waiting_with(self, number_index: bytes, *, limit: int) -> Listed[HolderId]:
        """Return the ids of applications under review with this number, oldest first."""
        ...

    def waiting(self, *, limit: int) -> Listed[Holder]:
        """Return the applications under review, oldest first."""
        ...
