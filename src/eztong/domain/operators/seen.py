"""What an operator decides is decided about what was seen: whatever was written or done since is looked at first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from eztong.domain.errors import StateConflict


class ChangedSinceSeen(StateConflict):
    """Somebody wrote or did something since the page was shown on which this was decided."""

    code = "changed_since_seen"
    advice = "Something was written or done since you looked: look again, then decide."


def check_seen(moments: Iterable[datetime], *, seen_at: datetime | None) -> None:
    """Refuse to go by what was seen at a moment once something is younger; None: whoever acts looked just now.

    Raises:
        ChangedSinceSeen: something is.
    """
    if seen_at is not None and any(seen_at < moment for moment in moments):
        raise ChangedSinceSeen
