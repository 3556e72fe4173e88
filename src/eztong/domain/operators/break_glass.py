"""Break-glass: for a short time one operator may do alone what takes two, since nobody else can be reached.

``open -> over``, by its end or by whoever closes it; then it waits until another operator has looked at it. It is off
unless the service's setting allows it, and whatever is done under it is said to everybody who signs in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from eztong.domain.errors import NotPermitted, StateConflict

GLASS_LIFE: Final = timedelta(minutes=30)
"""How long it lasts: enough for one act with its reason, and not for a shift."""


class BreakGlassOff(NotPermitted):
    """The service does not allow it."""

    code = "break_glass_off"
    advice = "EZTONG_BREAK_GLASS=on allows it; whoever runs the service decides that beforehand."


class BreakGlassState(StateConflict):
    """It is open already, over already, or reviewed already."""

    code = "break_glass_state"
    advice = "Look at it in the console under Emergency, or with eztong operators break-glass list."


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """One emergency of one operator. Neither text holds personal data."""

    glass_id: str
    operator: str
    reason: str
    began_at: datetime
    until: datetime
    ended_at: datetime | None = None
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    review: str | None = None

    def is_open(self, *, now: datetime) -> bool:
        """Say whether the operator may do alone what takes two."""
        return self.ended_at is None and now < self.until

    @property
    def waits_for_review(self) -> bool:
        """Say whether nobody has looked at it yet, be it over or not."""
        return self.reviewed_at is None
