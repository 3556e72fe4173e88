"""Unlocking: a passkey or a PIN, fresh enough to show codes and to answer requests (clauses 2.2, 2.6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from eztong.domain.errors import Locked

UNLOCK_LIFE = timedelta(seconds=180)
STEP_BACK = timedelta(seconds=5)
"""How far a clock may be corrected backwards without ending what was proved just before."""


def check_unlocked(unlocked_until: datetime | None, *, now: datetime) -> None:
    """Refuse a session whose last unlock is over.

    Raises:
        Locked: never unlocked, or longer ago than :data:`UNLOCK_LIFE`; or, under a clock that was set back, later.
    """
    if not is_unlocked(unlocked_until, now=now):
        raise Locked


def is_unlocked(unlocked_until: datetime | None, *, now: datetime) -> bool:
    """Say whether the last unlock is still fresh; a question for pages, not for permissions."""
    return unlocked_until is not None and now < unlocked_until <= now + UNLOCK_LIFE + STEP_BACK
