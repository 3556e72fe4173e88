"""Reports: a holder says «that was not me» about a use or a refused try. ``open -> closed``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from eztong.domain.errors import InputInvalid
from eztong.domain.identifiers import HolderId

# Calendar days: there is no calendar of working days to count by.
ANSWER_WITHIN = timedelta(days=15)
MAX_NOTE = 500


class ReportState(StrEnum):
    """Where the report stands."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the holder reported. ``record_id`` names a verification or a refused try; ``froze`` says what was chosen."""

    holder_id: HolderId
    report_id: str
    record_id: str
    state: ReportState
    froze: bool
    created_at: datetime
    due_at: datetime
    sealed_note: bytes | None = field(default=None, repr=False)


def parse_note(text: str) -> str:
    """Return the holder's own words without white space around them.

    Raises:
        InputInvalid: longer than :data:`MAX_NOTE` characters.
    """
    note = text.strip()
    if len(note) > MAX_NOTE:
        raise InputInvalid
    return note
