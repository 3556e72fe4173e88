"""Find the session behind a cookie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from eztong.domain.access.device import Device, check_bound
from eztong.domain.access.unlock import check_unlocked
from eztong.domain.errors import HolderNotActive, SessionMissing
from eztong.domain.holder import Holder
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.access.sessions import Session
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import Store


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session with its account."""

    session: Session
    holder: Holder


SESSION_LIFE: Final = timedelta(days=30)
_CONTEXT: Final = b"session\x00"


def hash_session(token: str, *, keys: Keys) -> bytes:
    """Return the look-up hash that a new session of this cookie gets."""
    return keys.mac(MacPurpose.SESSION, _CONTEXT + token.encode())


def known_hash(token: str, *, store: Store, keys: Keys) -> bytes:
    """Return the look-up hash under which the cookie's session is stored, or would be: it outlives a key rotation.

    A browser whose recovery waits has no session; it is known by the same hash in the recovery's row.
    """
    active, *retiring = keys.macs(MacPurpose.SESSION, _CONTEXT + token.encode())
    if not retiring:
        return active
    with store.read() as stored:
        return next((one for one in retiring if _is_stored(one, stored=stored)), active)


def _is_stored(session_hash: bytes, *, stored: Repositories) -> bool:
    return stored.sessions.get(session_hash) is not None or stored.recoveries.of_session(session_hash) is not None


def find_session(session_hash: bytes, *, stored: Repositories, now: datetime) -> SignedIn:
    """Return the live session.

    Raises:
        SessionMissing: none, revoked, past its end, or its account is gone.
    """
    session = stored.sessions.get(session_hash)
    if session is None or session.revoked_at is not None or now >= session.expires_at or not session.holder_id:
        raise SessionMissing
    holder = stored.holders.get(session.holder_id)
    if holder is None:
        raise SessionMissing
    return SignedIn(session, holder)


def require_device(signed_in: SignedIn, *, stored: Repositories) -> Device:
    """Return the bound device of the session.

    Raises:
        DeviceNotBound: the phone was not confirmed on this device, or the binding ended.
    """
    device_id = signed_in.session.device_id
    return check_bound(None if device_id is None else stored.devices.get(signed_in.holder.holder_id, device_id))


def find_bound(session_hash: bytes, *, stored: Repositories, now: datetime) -> SignedIn:
    """Return the live session of an account on its bound device: what the least act of a holder takes.

    An application is no account: whoever has only ticked two boxes has nothing to switch, freeze or answer yet.

    Raises:
        SessionMissing: as :func:`find_session` says.
        HolderNotActive: an application, or what is left of one.
        DeviceNotBound: the binding of this browser ended.
    """
    signed_in = find_session(session_hash, stored=stored, now=now)
    if not signed_in.holder.is_entered:
        raise HolderNotActive
    require_device(signed_in, stored=stored)
    return signed_in


def find_unlocked(session_hash: bytes, *, stored: Repositories, now: datetime) -> SignedIn:
    """Return the live session of an account on its bound device, freshly unlocked: what an act on the account takes.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
    """
    signed_in = find_bound(session_hash, stored=stored, now=now)
    check_unlocked(signed_in.session.unlocked_until, now=now)
    return signed_in
