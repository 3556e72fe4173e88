"""Bind a browser to an account as its primary device (clause 2.6)."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.access.device import Device, DeviceState
from eztong.domain.events import EventKind
from eztong.domain.identifiers import DeviceId
from eztong.ports.act import Act
from eztong.usecases.access.find_session import SignedIn
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event


def bind_device(act: Act, signed_in: SignedIn, *, phone_index: bytes, label: str) -> Device:
    """Bind the session's device to the account as its primary device; an earlier primary is superseded."""
    holder_id = signed_in.holder.holder_id
    earlier = act.uow.devices.primary(holder_id)
    if earlier is not None:
        act.uow.devices.set_state(holder_id, earlier.device_id, DeviceState.SUPERSEDED)
    device = Device(
        holder_id=holder_id,
        device_id=DeviceId(new_id(act, "dev")),
        state=DeviceState.BOUND,
        is_primary=True,
        label=label[:60],
        created_at=act.now,
        bound_at=act.now,
    )
    act.uow.devices.add(device)
    session = replace(signed_in.session, device_id=device.device_id, phone_index=phone_index)
    act.uow.sessions.update(session)
    note_event(act, holder_id, EventKind.DEVICE_BOUND, detail=device.device_id)
    return device
