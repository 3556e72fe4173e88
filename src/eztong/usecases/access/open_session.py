"""Open a session for a holder who proved to be one, on a device known before or a new one (clauses 2.6, 2.9)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from eztong.domain.access.device import Device
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.errors import NotFound
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.notices import Topic
from eztong.ports.act import Act
from eztong.ports.storage.access.sessions import Session
from eztong.usecases.access.bind_device import bind_device
from eztong.usecases.access.find_session import SESSION_LIFE, SignedIn
from eztong.usecases.end_codes import end_codes
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The browser that signs in: its session until now, the fresh one that replaces it, and what kind it is.

    The token is always a fresh one, so whoever planted the earlier one in the browser is left outside.
    """

    session_hash: bytes = field(repr=False)
    fresh_hash: bytes = field(repr=False)
    device_label: str


def open_session(act: Act, holder: Holder, opening: Opening, *, device: Device | None, how: str) -> Session:
    """End the browser's session and open the fresh one, unlocked.

    Without ``device`` this browser becomes the account's primary device: the earlier one is superseded, its codes and
    sessions end, and the holder is told.
    """
    if holder.phone_index is None:
        raise NotFound
    before = act.uow.sessions.get(opening.session_hash)
    if before is not None and before.revoked_at is None:
        act.uow.sessions.update(replace(before, revoked_at=act.now))
    session = Session(
        session_hash=opening.fresh_hash,
        holder_id=holder.holder_id,
        device_id=None if device is None else device.device_id,
        phone_index=holder.phone_index,
        created_at=act.now,
        expires_at=act.now + SESSION_LIFE,
        unlocked_until=act.now + UNLOCK_LIFE,
    )
    act.uow.sessions.add(session)
    note_event(act, holder.holder_id, EventKind.SIGNED_IN, detail=how)
    if device is not None:
        return session
    earlier = act.uow.devices.primary(holder.holder_id)
    bind_device(act, SignedIn(session, holder), phone_index=holder.phone_index, label=opening.device_label)
    if earlier is not None:
        end_device(act, holder, earlier)
        tell_holder(act, holder, Topic.DEVICE_BOUND, {})
    return session


def end_device(act: Act, holder: Holder, device: Device) -> None:
    """End what a device was still showing and its sessions."""
    end_codes(act, holder.holder_id, of_device=device.device_id)
    for session in act.uow.sessions.list(holder.holder_id):
        if session.device_id == device.device_id:
            act.uow.sessions.update(replace(session, revoked_at=act.now))
