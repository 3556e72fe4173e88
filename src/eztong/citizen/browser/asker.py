"""Who asks for a message code: this browser, its network, and the accounts that it was signed in to before.

The last is a sealed note in the browser that outlives its sessions. It opens nothing: it says from which share of
messages the browser asks, so that strangers who ask for an account's messages never use up those of its own browsers.
A share is the account's, not the note's: else whoever throws notes away had one more with each new one.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from starlette.responses import Response

from eztong.citizen.journey import has_bound_device
from eztong.citizen.visit import Visit
from eztong.domain.addresses.network import network_of
from eztong.domain.errors import SessionMissing
from eztong.domain.identifiers import HolderId
from eztong.domain.sealing import NONCE_BYTES
from eztong.gm.errors import GmError
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_session, hash_session
from eztong.usecases.access.message_code import Asker

COOKIE: Final = "ezt_known"
LIFE_SECONDS: Final = 400 * 24 * 3600
_PLACE: Final = ("browser", "known", "accounts")
_ACCOUNTS: Final = 3
_ACCOUNT: Final = "hld_"
_MAX_CHARACTERS: Final = 600


def asker_of(visit: Visit) -> Asker:
    """Return who asks."""
    return Asker(
        session_hash=visit.session_hash,
        network=network_of(visit.address).widest,
        known_to=frozenset(_read(visit)),
    )


def account_of(visit: Visit) -> HolderId | None:
    """Return the account that this browser is signed in to, or was last; None where there is none, or no more.

    An application is none yet: whoever has one phone can open as many as they like.
    """
    with visit.services.store.read() as stored:
        candidates = (*_signed_in_to(visit, stored=stored), *_read(visit))
        holders = (stored.holders.get(one) for one in candidates)
        return next((one.holder_id for one in holders if one is not None and one.has_account), None)


def keep_known(visit: Visit, response: Response, *, token: str) -> Response:
    """Have the browser remember the account that its session ``token`` is bound to, besides earlier ones."""
    try:
        with visit.services.store.read() as stored:
            signed_in = find_session(hash_session(token, keys=visit.services.keys), stored=stored, now=visit.now)
            if not has_bound_device(signed_in, stored=stored):
                return response
    except SessionMissing:
        return response
    account = signed_in.holder.holder_id
    said = " ".join([account, *(one for one in _read(visit) if one != account)][:_ACCOUNTS])
    sealed = visit.services.keys.seal(said.encode(), nonce=visit.services.entropy.token(NONCE_BYTES), place=_PLACE)
    value = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
    visit.door.cookies.keep_note(response, COOKIE, value, seconds=LIFE_SECONDS)
    return response


def _signed_in_to(visit: Visit, *, stored: Repositories) -> tuple[HolderId, ...]:
    try:
        return (visit.signed_in(stored).holder.holder_id,)
    except SessionMissing:
        return ()


def _read(visit: Visit) -> tuple[HolderId, ...]:
    """Return the accounts in the note, the newest first."""
    value = visit.door.cookies.read_note(visit.request, COOKIE)
    if not value or len(value) > _MAX_CHARACTERS:
        return ()
    try:
        sealed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        said = visit.services.keys.open(sealed, place=_PLACE).decode().split(" ")
    except (binascii.Error, GmError, ValueError):
        return ()
    # Notes of earlier versions name a device before the accounts.
    return tuple(HolderId(one) for one in said if one.startswith(_ACCOUNT))
