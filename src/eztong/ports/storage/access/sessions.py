"""The port of browser sessions and message codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from eztong.domain.access.otp import OtpChallenge
from eztong.domain.identifiers import DeviceId, HolderId


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser's session. ``session_hash`` is a keyed hash; the token itself is only in the cookie.

    ``unlocked_until`` is when the last unlock (passkey or PIN) ends; None means locked.
    """

    session_hash: bytes
    holder_id: HolderId | None
    device_id: DeviceId | None
    phone_index: bytes | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    unlocked_until: datetime | None = None


class SessionRepository(Protocol):
    """Browser sessions and message codes."""

    def add(self, session: Session) -> None:
        """Store a new session."""
        ...

    def get(self, session_hash: bytes) -> Session | None:
        """Return the session, also one that has ended."""
        ...

    def update(self, session: Session) -> None:
        """Store every changeable field of the session."""
        ...

    def list(self, holder_id: HolderId) -> Sequence[Session]:
        """Return the account's sessions that were not ended, newest first."""
        ...

    def revoke_all(self, holder_id: HolderId, *, now: datetime) -> int:
        """End every session of the account; return how many were live."""
        ...

    def erase_phone(self, holder_id: HolderId) -> None:
        """Delete the message codes of the account's sessions, and take phone and device out of them."""
        ...

    def add_challenge(self, challenge: OtpChallenge) -> None:
        """Store a message code that was sent."""
        ...

    def newest_challenge(self, session_hash: bytes, purpose: str) -> OtpChallenge | None:
        """Return the newest message code of a session for a purpose."""
        ...

    def count_try(self, challenge_id: str) -> None:
        """Count a wrong try."""
        ...

    def use_challenge(self, challenge_id: str, *, now: datetime) -> bool:
        """Mark the challenge used by one conditional UPDATE; return whether this call did it."""
        ...
