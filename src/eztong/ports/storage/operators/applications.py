"""The repository of what people do with applications: appeals, and operators' decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.registration import ApplicationStep


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

    def waiting(self, *, limit: int) -> Listed[Holder]:
        """Return the applications under review, oldest first."""
        ...
