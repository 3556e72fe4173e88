"""A form of the console that was sent: what is pressed twice is done once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SentForm:
    """What one browser sent: known by the form as it was shown, and by what was filled in.

    ``led_to`` is the address that answered it; empty while it is being done, and where the answer was a page itself.
    """

    session_hash: bytes = field(repr=False)
    form_hash: bytes = field(repr=False)
    sent_at: datetime
    led_to: str = ""
