"""Note that a holder has read the notices on the page (clause 2.7)."""

from __future__ import annotations

from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_bound


def mark_read(act: Act, session_hash: bytes, up_to: str) -> int:
    """Mark every unread notice up to the id ``up_to`` as read now; return how many that were.

    What came after the page was shown stays unread. Doing it twice changes nothing.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser is shown no notices.
    """
    holder = find_bound(session_hash, stored=act.uow, now=act.now).holder
    return act.uow.notices.mark_read(holder.holder_id, up_to, now=act.now)
