"""What partners hold ends: keys on the day that they were made for, certified keys by a date to renew them.

Nobody is surprised: what ends is listed thirty days before, and said louder seven days and one day before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, StateConflict
from eztong.domain.identifiers import PartnerId

WARNED_BEFORE: Final = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""When it is said that something ends, the last time first."""

KEY_LIFE: Final = timedelta(days=365)
"""How long a key works for which nobody said otherwise."""

OVERLAP: Final = timedelta(days=7)
"""How long a key works beside its successor for which nobody said otherwise."""

CERTIFIED_FOR: Final = timedelta(days=730)
"""After how long a merchant's certified key is to be renewed. It is not refused then: sealed to it is sealed."""


class KeyIncomplete(InputInvalid):
    """A key was asked for without a label, or without anything that it may do."""

    code = "key_incomplete"
    advice = "Give the key a label, and at least one scope."


class KeyFormUsed(StateConflict):
    """The form was sent before: it made its key then, whose text is not shown any more."""

    code = "key_form_used"
    advice = "Open the page anew to make another key; revoke the one that nobody has."


class KeyDaysInvalid(InputInvalid):
    """A key was asked for, for no number of days that there is."""

    code = "key_days_invalid"
    advice = f"Give 1 to {KEY_LIFE.days} days."


class ExpiringKind(StrEnum):
    """What ends."""

    API_KEY = "api_key"
    ACCOUNT_KEY = "account_key"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """Something that ends within thirty days. ``name`` is its public id, ``label`` what the operator called it.

    ``within`` is the narrowest of :data:`WARNED_BEFORE`; zero: a certified key's day to renew it is over.
    """

    kind: ExpiringKind
    partner_id: PartnerId
    name: str
    label: str
    ends_at: datetime
    within: timedelta

    @property
    def is_refused_after(self) -> bool:
        """Say whether nothing is answered after its end; a certified key goes on until another one is approved."""
        return self.kind is not ExpiringKind.CERTIFICATE


def warned_within(ends_at: datetime, *, now: datetime) -> timedelta | None:
    """Return the narrowest of :data:`WARNED_BEFORE` for ``ends_at``; zero: it is over, None: it is far ahead."""
    left = ends_at - now
    if left <= timedelta(0):
        return timedelta(0)
    return next((before for before in WARNED_BEFORE if left <= before), None)
