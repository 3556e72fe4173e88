"""Give a holder a copy of everything that is stored about them: after a step-up, and written down (clause 3.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from eztong.domain.canonical_json import render_time
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.note_event import note_event
from eztong.usecases.own_data.copy_parts import PARTS, Whose

FORMAT: Final = "eztong/own-data/v1"


def permit_export(act: Act, session_hash: bytes) -> Holder:
    """Allow one copy and return whose it is.

    1. The session is the holder's own, on a bound device, and freshly unlocked.
    2. The account's history says that a copy was taken, before it is.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
    """
    signed_in = find_unlocked(session_hash, stored=act.uow, now=act.now)
    note_event(act, signed_in.holder.holder_id, EventKind.DATA_EXPORTED)
    return signed_in.holder


def collect_data(holder: Holder, *, stored: Repositories, keys: Keys, now: datetime) -> dict[str, Any]:
    """Return the copy: the format's name, the moment, and every part. Reads only; no unit of work waits for it."""
    of = Whose(holder, stored, keys)
    return {"format": FORMAT, "at": render_time(now)} | {name: list(read(of)) for name, read in PARTS.items()}
