"""How long an identity document is valid, and what is due because of it (clause 2.8).

Reminders go out on mornings in Shanghai, 90, 30, 7 and 0 days before the last valid day; on the day after it the mark
is set. Whoever was away for several of them (or moved a sandbox's clock) gets the newest one only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import SHANGHAI, service_date

REMINDERS: Final = (90, 30, 7, 0)
"""Days before the last valid day."""

EXPIRY_RULE: Final = "R40"
"""The policy's rule for a document that has run out: at registration, and whenever it happens later."""

_MORNING: Final = time(9)
"""When people are reminded, in Shanghai."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityDocument:
    """What the authority said of an account's document, and when.

    ``sealed_valid_until`` opens to the last valid day; None: it has no end, or the authority does not know.
    ``reminded`` is the newest reminder that went out, in days before that day.
    """

    holder_id: HolderId
    checked_at: datetime
    sealed_valid_until: bytes | None = None
    reminded: int | None = None


def is_expired(valid_until: date | None, *, today: date) -> bool:
    """Say whether the last valid day is over."""
    return valid_until is not None and valid_until < today


def reminder_due(valid_until: date, *, reminded: int | None, now: datetime) -> int | None:
    """Return the newest reminder whose morning has come and that did not go out; None once the document has expired."""
    if is_expired(valid_until, today=service_date(now)):
        return None
    begun = [days for days in REMINDERS if now >= _morning_before(valid_until, days)]
    if not begun or (reminded is not None and reminded <= begun[-1]):
        return None
    return begun[-1]


def next_due(valid_until: date, *, reminded: int | None) -> datetime:
    """Return when something is due next: a reminder, or the expiry; it may lie in the past."""
    left = [days for days in REMINDERS if reminded is None or days < reminded]
    return _morning_before(valid_until, left[0]) if left else expires_at(valid_until)


def expires_at(valid_until: date) -> datetime:
    """Return the moment from which the document is no longer valid: the midnight after its last day, in Shanghai."""
    return datetime.combine(valid_until + timedelta(days=1), time(0), SHANGHAI)


def _morning_before(valid_until: date, days: int) -> datetime:
    return datetime.combine(valid_until - timedelta(days=days), _MORNING, SHANGHAI)
