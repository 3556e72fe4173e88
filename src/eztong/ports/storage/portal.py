"""The repository of the partner portal: people of partners, and the browsers in which they are signed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.identifiers import PartnerId
from eztong.domain.portal.person import PortalPerson, PortalRole, PortalSession, PortalState


class PortalRepository(Protocol):
    """People by partner and name; sessions by the keyed hash of their token."""

    def add(self, person: PortalPerson) -> bool:
        """Store a person; return False, and store nothing, if the partner has one of this name."""
        ...

    def get(self, partner_id: PartnerId, name: str) -> PortalPerson | None:
        """Return the person."""
        ...

    def list(self, partner_id: PartnerId) -> Listed[PortalPerson]:
        """Return the partner's people by name."""
        ...

    def invite(self, person: PortalPerson) -> bool:
        """Store word and end of the invitation, if the person is active; return whether that was so."""
        ...

    def set_up(self, person: PortalPerson, *, seen: str) -> bool:
        """Store secret, second factor and used half minute of an active person, and end the invitation.

        ``seen`` is the secret's hash that was read before.

        Returns:
            Whether this call did it.
        """
        ...

    def use_step(self, partner_id: PartnerId, name: str, step: int) -> bool:
        """Take the one-time code of a half minute; return whether it is later than the last one that was taken."""
        ...

    def set_role(self, person: PortalPerson, role: PortalRole) -> bool:
        """Store another role, if the stored one is still the person's; return whether it was."""
        ...

    def move(self, person: PortalPerson, state: PortalState) -> bool:
        """Store another state, if the stored one is still the person's; no invitation outlives it."""
        ...

    def add_session(self, session: PortalSession) -> None:
        """Store a session."""
        ...

    def session(self, session_hash: bytes) -> PortalSession | None:
        """Return the session."""
        ...

    def sessions(self, partner_id: PartnerId, name: str) -> Sequence[PortalSession]:
        """Return the person's sessions that nobody ended, newest first."""
        ...

    def note_use(self, session_hash: bytes, *, now: datetime) -> bool:
        """Write down that a session is used, if it has not ended; return whether it has not."""
        ...

    def prove_session(self, session_hash: bytes, *, now: datetime) -> bool:
        """Write down that its person proved a second factor, unless the session ended; return whether it had not."""
        ...

    def end_session(self, session_hash: bytes, *, now: datetime) -> bool:
        """End the session; return whether this call did it."""
        ...

    def end_sessions(self, partner_id: PartnerId, name: str, *, now: datetime) -> int:
        """End every session of the person; return how many this call ended."""
        ...
