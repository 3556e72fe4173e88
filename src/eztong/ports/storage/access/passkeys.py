"""The port of passkeys and of the challenges that they answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.access.passkey import Passkey, PasskeyPurpose
from eztong.domain.identifiers import HolderId


class PasskeyRepository(Protocol):
    """Passkeys and their single-use challenges."""

    def add(self, passkey: Passkey) -> None:
        """Store a new passkey; the same credential twice is an error."""
        ...

    def get(self, credential_id: bytes) -> Passkey | None:
        """Return the passkey, whoever holds it."""
        ...

    def list(self, holder_id: HolderId) -> Sequence[Passkey]:
        """Return the account's passkeys, newest first."""
        ...

    def note_use(self, passkey: Passkey, *, sign_count: int, now: datetime) -> bool:
        """Move the counter on from the one in ``passkey`` by one conditional UPDATE; return whether this call did."""
        ...

    def rename(self, holder_id: HolderId, credential_id: bytes, label: str) -> bool:
        """Change the label of the account's passkey; return whether there is one."""
        ...

    def remove(self, holder_id: HolderId, credential_id: bytes) -> bool:
        """Remove the account's passkey; return whether there was one."""
        ...

    def remove_all(self, holder_id: HolderId) -> int:
        """Remove every passkey of the account; return how many."""
        ...

    def add_challenge(
        self,
        challenge_hash: bytes,
        *,
        session_hash: bytes,
        purpose: PasskeyPurpose,
        holder_id: HolderId | None,
        now: datetime,
    ) -> None:
        """Store a challenge that was given to a browser; it ends the session's earlier ones for this purpose."""
        ...

    def use_challenge(
        self,
        challenge_hash: bytes,
        *,
        session_hash: bytes,
        purpose: PasskeyPurpose,
        holder_id: HolderId | None,
        since: datetime,
        now: datetime,
    ) -> bool:
        """Use a challenge of this session and purpose made since ``since``, by one conditional UPDATE.

        ``holder_id`` is the account that the session has now: a challenge made for an account serves no other.
        """
        ...
