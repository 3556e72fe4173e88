"""The repository of desks: staff accounts, their sessions, the desk's record, the counter's printed signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.desks.staff import DeskEntry, DeskSign, Staff, StaffSession, StaffState
from eztong.domain.identifiers import PartnerId, VerificationId


class StaffRepository(Protocol):
    """Everything that belongs to a partner's desks."""

    def add(self, staff: Staff) -> None:
        """Store a new account; its sign-in name must be free."""
        ...

    def get(self, partner_id: PartnerId, staff_id: str) -> Staff | None:
        """Return the account."""
        ...

    def by_login(self, login: str) -> Staff | None:
        """Return the account with this sign-in name."""
        ...

    def list(self, partner_id: PartnerId) -> Sequence[Staff]:
        """Return the partner's accounts by sign-in name."""
        ...

    def set_tries(self, staff: Staff, *, expected: int) -> bool:
        """Store wrong tries and lock if the stored tries are still ``expected``; return whether they were."""
        ...

    def set_state(self, staff: Staff, state: StaffState) -> None:
        """Move the account to ``state``."""
        ...

    def set_password(self, staff: Staff, password_hash: str) -> None:
        """Store a new password and forget wrong tries and lock."""
        ...

    def set_up(self, staff: Staff, *, seen: str) -> bool:
        """Store password, second factor and its half minute, if the password is ``seen`` and no factor is there."""
        ...

    def use_step(self, staff: Staff, step: int) -> bool:
        """Take the one-time code of a half minute; return whether none of it, or of one after it, was taken yet."""
        ...

    def drop_factor(self, staff: Staff) -> None:
        """Forget the second factor, so that another can be set up."""
        ...

    def add_session(self, session: StaffSession) -> None:
        """Store a session."""
        ...

    def session(self, session_hash: bytes) -> StaffSession | None:
        """Return the session with this keyed hash."""
        ...

    def update_session(self, session: StaffSession) -> bool:
        """Store desk, scene, last act and end of a session that has not ended; return whether there was one."""
        ...

    def end_sessions(self, partner_id: PartnerId, staff_id: str, *, now: datetime) -> int:
        """End every live session of the account; return how many."""
        ...

    def give_up_places(self, partner_id: PartnerId, desk: str) -> int:
        """Take the desk from every live session that works there, and leave its scene; return from how many."""
        ...

    def add_entry(self, entry: DeskEntry) -> None:
        """Store a line of the desk's record."""
        ...

    def entries(self, partner_id: PartnerId, desk: str, *, limit: int) -> Sequence[DeskEntry]:
        """Return the desk's newest lines, newest first."""
        ...

    def entry(self, partner_id: PartnerId, desk: str, entry_id: str) -> DeskEntry | None:
        """Return one line of the desk's record."""
        ...

    def entry_of(self, partner_id: PartnerId, desk: str, verification_id: VerificationId) -> DeskEntry | None:
        """Return the desk's line of a verification that was made there a moment ago."""
        ...

    def set_checklist(self, entry: DeskEntry, checklist: str) -> None:
        """Store what was ticked off."""
        ...

    def add_sign(self, sign: DeskSign) -> None:
        """Store a printed sign."""
        ...

    def sign_by_token(self, token: str) -> DeskSign | None:
        """Return the sign behind a counter QR."""
        ...

    def live_sign(self, partner_id: PartnerId, desk: str, scene: str) -> DeskSign | None:
        """Return the sign that is in use at the desk for the scene."""
        ...

    def revoke_sign(self, sign: DeskSign, *, now: datetime) -> bool:
        """Revoke a sign; return whether it was in use."""
        ...
