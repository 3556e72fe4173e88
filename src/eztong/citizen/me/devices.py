"""My devices: which are bound, what is signed in, what unlocks, what happened; each can be ended (2.6, 2.9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.citizen.words.event_words import event_words
from eztong.domain.access.device import Device
from eztong.domain.access.passkey import Passkey
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.errors import InputInvalid
from eztong.domain.events import EventKind
from eztong.domain.identifiers import DeviceId
from eztong.i18n.moments import moment_words
from eztong.ports.storage.access.sessions import Session
from eztong.ports.storage.holders import HolderEvent
from eztong.usecases.access.end_access import (
    end_other_sessions,
    end_session,
    remove_passkey,
    rename_passkey,
    session_name,
    unbind_device,
)

HERE: Final = "/me/devices"
EVENTS_SHOWN: Final = 20
TOLD_ELSEWHERE: Final = frozenset(
    {
        EventKind.GRANT_WITHDRAWN,
        EventKind.PARTNER_SWITCHED,
        EventKind.REGISTRATION_APPROVE,
        EventKind.REGISTRATION_APPROVE_RESTRICTED,
        EventKind.REGISTRATION_REFUSE,
        EventKind.REGISTRATION_REVIEW,
        EventKind.REGISTRATION_SUPPLEMENT,
        EventKind.REPORTED,
        EventKind.STAFF_READ,
    }
)
"""What the log leaves to other pages; everything else is in it, also what this version does not know."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A thing on the page: its name in forms, its label, its state, when, and whether it is this browser's."""

    name: str
    label: str
    state: str
    at: str
    is_here: bool = False
    since: str = ""


def show(visit: Visit) -> Response:
    """List devices, sessions, passkeys, PIN, and the log.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    with visit.services.store.read() as stored:
        signed_in = visit.bound(stored)
        holder_id = signed_in.holder.holder_id
        devices, sessions = stored.devices.list(holder_id), stored.sessions.list(holder_id)
        passkeys, pin = stored.passkeys.list(holder_id), stored.pins.get(holder_id)
        events = stored.holders.events(holder_id)
    live = [session for session in sessions if session.expires_at > visit.now]
    here = signed_in.session.device_id
    return visit.form_page(
        "me/devices.html",
        devices=[_device_row(visit, device, live, here=device.device_id == here) for device in devices],
        sessions=[_session_row(visit, session, devices) for session in live],
        passkeys=[_passkey_row(visit, passkey) for passkey in passkeys],
        pin_at=None if pin is None else _words(visit, pin.changed_at),
        events=_event_rows(visit, events),
    )


def act(visit: Visit) -> Response:
    """End or rename one thing.

    Raises:
        Locked: unlock first; the page is shown again after it.
        NotFound: it is not there any more.
    """
    own, name = visit.session_hash, visit.form.get("name", "")
    match visit.form.get("act"):
        case "end_session":
            visit.act(end_session, own, name)
        case "end_others":
            visit.act(end_other_sessions, own)
        case "unbind":
            visit.act(unbind_device, own, DeviceId(name))
        case "rename":
            visit.act(rename_passkey, own, _credential(name), visit.form.get("label", ""))
        case "remove":
            visit.act(remove_passkey, own, _credential(name))
        case _:
            raise InputInvalid
    return visit.redirect(HERE)


def _credential(name: str) -> bytes:
    try:
        return bytes.fromhex(name)
    except ValueError as error:
        raise InputInvalid from error


def _device_row(visit: Visit, device: Device, sessions: Sequence[Session], *, here: bool) -> _Row:
    unlocks = [
        session.unlocked_until - UNLOCK_LIFE
        for session in sessions
        if session.device_id == device.device_id and session.unlocked_until is not None
    ]
    seen = max(unlocks, default=device.bound_at or device.created_at)
    since = _words(visit, device.bound_at or device.created_at)
    return _Row(device.device_id, device.label, device.state.value, _words(visit, seen), here, since)


def _session_row(visit: Visit, session: Session, devices: Sequence[Device]) -> _Row:
    label = next((device.label for device in devices if device.device_id == session.device_id), "")
    here = session.session_hash == visit.session_hash
    return _Row(session_name(session.session_hash), label, "live", _words(visit, session.created_at), here)


def _passkey_row(visit: Visit, passkey: Passkey) -> _Row:
    used = passkey.last_used_at or passkey.created_at
    state = "unused" if passkey.last_used_at is None else "used"
    return _Row(passkey.credential_id.hex(), passkey.label, state, _words(visit, used))


def _event_rows(visit: Visit, events: Sequence[HolderEvent]) -> list[_Row]:
    shown = [event for event in events if event.kind not in TOLD_ELSEWHERE][:EVENTS_SHOWN]
    return [_Row(event.event_id, event_words(event), event.actor, _words(visit, event.at)) for event in shown]


def _words(visit: Visit, moment: datetime) -> str:
    return moment_words(moment, now=visit.now, words=visit.words)
