"""What a holder ends or renames on the own devices page; each act needs a fresh unlock (clauses 2.6, 2.9)."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.access.device import DeviceState
from eztong.domain.access.passkey import LABEL_CHARACTERS
from eztong.domain.errors import NotFound
from eztong.domain.events import EventKind
from eztong.domain.identifiers import DeviceId
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.access.open_session import end_device
from eztong.usecases.note_event import note_event


def end_session(act: Act, session_hash: bytes, ended: str) -> None:
    """End one session of the account, named by :func:`session_name`.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
        NotFound: the account has no such live session.
    """
    signed_in = find_unlocked(session_hash, stored=act.uow, now=act.now)
    for session in act.uow.sessions.list(signed_in.holder.holder_id):
        if session_name(session.session_hash) == ended:
            act.uow.sessions.update(replace(session, revoked_at=act.now))
            note_event(act, signed_in.holder.holder_id, EventKind.SESSION_ENDED)
            return
    raise NotFound


def end_other_sessions(act: Act, session_hash: bytes) -> None:
    """End every session of the account but this one.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
    """
    signed_in = find_unlocked(session_hash, stored=act.uow, now=act.now)
    for session in act.uow.sessions.list(signed_in.holder.holder_id):
        if session.session_hash != session_hash:
            act.uow.sessions.update(replace(session, revoked_at=act.now))
    note_event(act, signed_in.holder.holder_id, EventKind.SESSIONS_ENDED)


def unbind_device(act: Act, session_hash: bytes, device_id: DeviceId) -> None:
    """Unbind a device of the account: its codes, sessions and passkeys end.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
        NotFound: the account has no such bound device.
    """
    signed_in = find_unlocked(session_hash, stored=act.uow, now=act.now)
    holder = signed_in.holder
    device = act.uow.devices.get(holder.holder_id, device_id)
    if device is None or device.state is not DeviceState.BOUND:
        raise NotFound
    act.uow.devices.set_state(holder.holder_id, device_id, DeviceState.UNBOUND)
    end_device(act, holder, device)
    for passkey in act.uow.passkeys.list(holder.holder_id):
        if passkey.device_id == device_id:
            act.uow.passkeys.remove(holder.holder_id, passkey.credential_id)
    note_event(act, holder.holder_id, EventKind.DEVICE_UNBOUND, detail=device_id)


def rename_passkey(act: Act, session_hash: bytes, credential_id: bytes, label: str) -> None:
    """Call a passkey of the account by another name.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
        NotFound: the account has no such passkey.
    """
    signed_in = find_unlocked(session_hash, stored=act.uow, now=act.now)
    tidy = " ".join(label.split())[:LABEL_CHARACTERS]
    if not tidy or not act.uow.passkeys.rename(signed_in.holder.holder_id, credential_id, tidy):
        raise NotFound


def remove_passkey(act: Act, session_hash: bytes, credential_id: bytes) -> None:
    """Remove a passkey of the account.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
        NotFound: the account has no such passkey.
    """
    signed_in = find_unlocked(session_hash, stored=act.uow, now=act.now)
    if not act.uow.passkeys.remove(signed_in.holder.holder_id, credential_id):
        raise NotFound
    note_event(act, signed_in.holder.holder_id, EventKind.PASSKEY_REMOVED)


def session_name(session_hash: bytes) -> str:
    """Name a session on a page: a part of its keyed hash, of no use to anybody who reads it."""
    return session_hash[:8].hex()
