"""What a holder ends or renames on the own devices page; each act needs a fresh unlock (clauses 2.6, 2.9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from eztong.domain.access.device import DeviceState
from eztong.domain.access.passkey import LABEL_CHARACTERS
from eztong.domain.errors import NotFound
from eztong.domain.events import EventKind
from eztong.domain.identifiers import DeviceId
from eztong.ports.entropy import Entropy
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.access.open_session import end_device
from eztong.usecases.note_event import note_event


def end_session(session_hash: bytes, ended: str, *, uow: UnitOfWork, entropy: Entropy, now: datetime) -> None:
    """End one session of the account, named by :func:`session_name`.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
        NotFound: the account has no such live session.
    """
    signed_in = find_unlocked(session_hash, stored=uow, now=now)
    for session in uow.sessions.list(signed_in.holder.holder_id):
        if session_name(session.session_hash) == ended:
            uow.sessions.update(replace(session, revoked_at=now))
            note_event(signed_in.holder.holder_id, EventKind.SESSION_ENDED, uow=uow, entropy=entropy, now=now)
            return
    raise NotFound


def end_other_sessions(session_hash: bytes, *, uow: UnitOfWork, entropy: Entropy, now: datetime) -> None:
    """End every session of the account but this one.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
    """
    signed_in = find_unlocked(session_hash, stored=uow, now=now)
    for session in uow.sessions.list(signed_in.holder.holder_id):
        if session.session_hash != session_hash:
            uow.sessions.update(replace(session, revoked_at=now))
    note_event(signed_in.holder.holder_id, EventKind.SESSIONS_ENDED, uow=uow, entropy=entropy, now=now)


def unbind_device(
    session_hash: bytes, device_id: DeviceId, *, uow: UnitOfWork, entropy: Entropy, now: datetime
) -> None:
    """Unbind a device of the account: its codes, sessions and passkeys end.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
        NotFound: the account has no such bound device.
    """
    signed_in = find_unlocked(session_hash, stored=uow, now=now)
    holder = signed_in.holder
    device = uow.devices.get(holder.holder_id, device_id)
    if device is None or device.state is not DeviceState.BOUND:
        raise NotFound
    uow.devices.set_state(holder.holder_id, device_id, DeviceState.UNBOUND)
    end_device(holder, device, uow=uow, now=now)
    for passkey in uow.passkeys.list(holder.holder_id):
        if passkey.device_id == device_id:
            uow.passkeys.remove(holder.holder_id, passkey.credential_id)
    note_event(holder.holder_id, EventKind.DEVICE_UNBOUND, uow=uow, entropy=entropy, now=now, detail=device_id)


def rename_passkey(session_hash: bytes, credential_id: bytes, label: str, *, uow: UnitOfWork, now: datetime) -> None:
    """Call a passkey of the account by another name.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
        NotFound: the account has no such passkey.
    """
    signed_in = find_unlocked(session_hash, stored=uow, now=now)
    tidy = " ".join(label.split())[:LABEL_CHARACTERS]
    if not tidy or not uow.passkeys.rename(signed_in.holder.holder_id, credential_id, tidy):
        raise NotFound


def remove_passkey(
    session_hash: bytes, credential_id: bytes, *, uow: UnitOfWork, entropy: Entropy, now: datetime
) -> None:
    """Remove a passkey of the account.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
        NotFound: the account has no such passkey.
    """
    signed_in = find_unlocked(session_hash, stored=uow, now=now)
    if not uow.passkeys.remove(signed_in.holder.holder_id, credential_id):
        raise NotFound
    note_event(signed_in.holder.holder_id, EventKind.PASSKEY_REMOVED, uow=uow, entropy=entropy, now=now)


def session_name(session_hash: bytes) -> str:
    """Name a session on a page: a part of its keyed hash, of no use to anybody who reads it."""
    return session_hash[:8].hex()
