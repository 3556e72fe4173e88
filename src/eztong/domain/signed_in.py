"""Browsers in which staff are signed in, the service's own and a partner's: how long that lasts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

IDLE_LIFE: Final = timedelta(minutes=15)
"""A session that nobody uses ends: a page that was left open shows other people's data."""

LONGEST_SESSION: Final = timedelta(hours=10)
NOTED_EVERY: Final = timedelta(minutes=1)
"""How often a session in use is written down as used."""

INVITATION_LIFE: Final = timedelta(hours=24)
PROOF_LIFE: Final = timedelta(minutes=5)
"""How long a proof of the second factor serves grave acts: a session that was stolen or left open does none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInBrowser:
    """A signed-in browser. ``session_id`` names it on pages; the hash finds it by its cookie."""

    session_hash: bytes = field(repr=False)
    session_id: str
    created_at: datetime
    active_at: datetime
    ended_at: datetime | None = None
    proven_at: datetime | None = None
    """When its owner last proved a second factor in this browser; None of sessions from before that was kept."""

    def is_live(self, *, now: datetime) -> bool:
        """Say whether it neither ended, nor idled too long, nor lasted too long."""
        is_in_time = now < self.active_at + IDLE_LIFE and now < self.created_at + LONGEST_SESSION
        return self.ended_at is None and is_in_time

    def is_worth_noting(self, *, now: datetime) -> bool:
        """Say whether that it is used has to be written down again."""
        return now >= self.active_at + NOTED_EVERY

    def is_proven(self, *, now: datetime) -> bool:
        """Say whether grave acts may be done in it."""
        return self.is_live(now=now) and self.proven_at is not None and now < self.proven_at + PROOF_LIFE
