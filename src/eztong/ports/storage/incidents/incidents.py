"""The repository of incidents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.incidents.incident import Bilingual, Incident, IncidentUpdate


class IncidentRepository(Protocol):
    """Incidents with their updates. At most one that the circuit breaker opened has not ended."""

    def add(self, incident: Incident) -> bool:
        """Store an incident; return False, and store nothing, if the circuit breaker's last one has not ended."""
        ...

    def get(self, incident_id: str) -> Incident | None:
        """Return an incident."""
        ...

    def running(self) -> Sequence[Incident]:
        """Return those that nobody has ended, newest first: also planned work whose time is over.

        Here and below a row that cannot be read is left out, and keeps no other back: see :meth:`unreadable`.
        """
        ...

    def past(self, *, limit: int) -> Sequence[Incident]:
        """Return the newest of those that were ended, newest first."""
        ...

    def unreadable(self) -> int:
        """Return how many cannot be read, of those that nobody has ended."""
        ...

    def change(self, read: Incident, *, until: datetime | None, workaround: Bilingual | None) -> bool:
        """Give a running incident another expected end and workaround, unless they changed since it was read.

        Return whether this call did it.
        """
        ...

    def end(self, incident_id: str, *, ended_at: datetime) -> bool:
        """End a running incident; return whether this call did it."""
        ...

    def add_update(self, update: IncidentUpdate) -> None:
        """Store an update."""
        ...

    def updates(self, *, first: str, last: str) -> Sequence[IncidentUpdate]:
        """Return the updates of all incidents whose ids lie between two, these included, oldest first."""
        ...
