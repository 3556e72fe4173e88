"""The incident board: what is out of order or announced, for every door, without a look into the store for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from eztong.domain.incidents.incident import Incident, IncidentUpdate


@dataclass(frozen=True, slots=True)
class Board:
    """What was read last: all that run, the newest that have ended, and the updates of both by incident."""

    running: Sequence[Incident] = ()
    past: Sequence[Incident] = ()
    updates: Mapping[str, Sequence[IncidentUpdate]] = field(default_factory=dict)

    def shown(self, now: datetime) -> Sequence[Incident]:
        """Return what stands on every page, what began first at the top."""
        return sorted((one for one in self.running if one.is_shown(now)), key=lambda one: one.starts_at)


class IncidentBoard(Protocol):
    """Reads the store at most once per second, however many ask."""

    def look(self) -> Board:
        """Return the board, read anew if the last look is a second old.

        A store that cannot be read leaves what was read last: a page about trouble must not be in trouble itself.
        """
        ...

    def header(self) -> bytes:
        """Return the line that answers to partners carry while an incident is open; empty while none is.

        It is what the last look found: it reads nothing, and costs the look-up of a value.
        """
        ...
