"""The live-person port: is the person who acts now alive, and the one whom the account belongs to?"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from eztong.domain.eid.live_person import LivePersonFinding


class LivePersonFactor(Protocol):
    """Looks once. A provider reports only what it measured; it never guesses a similarity."""

    def look(self, *, unlocked_until: datetime | None, now: datetime) -> LivePersonFinding:
        """Return what this look found; ``unlocked_until`` is the session's unlock on the bound device.

        Raises:
            Locked: the person has to unlock first; nothing was found.
        """
        ...
