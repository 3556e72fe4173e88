"""Reports: a holder says «that was not me» about a use or a refused try. A ticket says where the answer stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from eztong.domain.errors import InputInvalid
from eztong.domain.free_text import parse_free_text
from eztong.domain.identifiers import HolderId

MAX_NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the holder reported. ``record_id`` names a verification or a refused try; ``froze`` says what was chosen."""

    holder_id: HolderId
    report_id: str
    record_id: str
    ticket_id: str
    froze: bool
    created_at: datetime
    sealed_note: bytes | None = field(default=None, repr=False)


def parse_note(text: str) -> str:
    """Return the holder's own words, as :func:`~eztong.domain.free_text.parse_free_text` reads them; perhaps none.

    Raises:
        InputInvalid: longer than :data:`MAX_NOTE` characters.
    """
    note = parse_free_text(text)
    if len(note) > MAX_NOTE:
        raise InputInvalid
    return note
