"""The repository of recoveries that wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.identifiers import HolderId
from eztong.domain.recovery import Recovery, RecoveryState, StoppedBy


class RecoveryRepository(Protocol):
    """Waiting recoveries by account, by browser, and by the token of the link that stops them."""

    def add(self, recovery: Recovery) -> None:
        """Store a recovery that begins to wait; a second waiting one of the account is an error."""
        ...

    def newest(self, holder_id: HolderId) -> Recovery | None:
        """Return the account's newest recovery, whatever its state."""
        ...

    def of_session(self, session_hash: bytes) -> Recovery | None:
        """Return the newest recovery that this browser began."""
        ...

    def by_stop_hash(self, stop_hash: bytes) -> Recovery | None:
        """Return the recovery that the link's token stops."""
        ...

    def list(self, holder_id: HolderId) -> Sequence[Recovery]:
        """Return the account's recoveries, newest first."""
        ...

    def end(self, recovery: Recovery, state: RecoveryState, *, by: StoppedBy | None, now: datetime) -> bool:
        """Move a waiting recovery to ``state`` by one conditional UPDATE; return whether this call did it."""
        ...

    def end_unread(self, holder_id: HolderId, *, by: StoppedBy, now: datetime) -> bool:
        """Stop whatever of the account has not ended, without reading it; return whether there was anything."""
        ...
