"""Refuse what planned work refuses while it goes on, with when it is over."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from eztong.domain.errors import Unavailable
from eztong.domain.incidents.incident import Affected, Phase
from eztong.ports.incident_board import Board

_LEAST_SECONDS: Final = 5


class WorkUnderWay(Unavailable):
    """Planned work goes on, which lets nobody begin this."""

    code = "work_under_way"
    advice = "Planned work goes on. Try again after Retry-After."


def check_open(what: Affected, *, board: Board, now: datetime) -> None:
    """Refuse what planned work refuses now; it ends by itself, when the work was announced to end.

    Raises:
        WorkUnderWay: saying after how many seconds to come again.
    """
    until = [
        one.until
        for one in board.running
        if one.is_planned and one.until is not None and what in one.refuses and one.phase(now) is Phase.OPEN
    ]
    if until:
        raise WorkUnderWay(retry_after=max(int((max(until) - now).total_seconds()) + 1, _LEAST_SECONDS))
