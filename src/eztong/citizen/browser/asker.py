"""Who asks for a message code: this browser, its network, and the accounts that it was signed in to before.

The last is a sealed note in the browser that outlives its sessions. It opens nothing: it says from which share of
messages the browser asks, so that strangers who ask for an account's messages never use up those of its own browsers.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.citizen.journey import has_bound_device
from eztong.citizen.visit import Visit
from eztong.domain.errors import SessionMissing
from eztong.domain.identifiers import HolderId
from eztong.domain.network import network_of
from eztong.domain.sealing import NONCE_BYTES
from eztong.gm.errors import GmError
from eztong.usecases.access.find_session import find_session, hash_session
from eztong.usecases.access.message_code import Asker

COOKIE: Final = "ezt_known"
LIFE_SECONDS: Final = 400 * 24 * 3600
_PLACE: Final = ("browser", "known", "accounts")
_ACCOUNTS: Final = 3
_MAX_CHARACTERS: Final = 600


@dataclass(frozen=True, slots=True)
class _Known:
    mark: str
    accounts: tuple[str, ...]


def asker_of(visit: Visit) -> Asker:
    """Return who asks."""
    known, network = _read(visit), network_of(visit.address)
    return Asker(
        session_hash=visit.session_hash,
        network=network.wide or network.narrow,
        mark=b"" if known is None else known.mark.encode(),
        known_to=frozenset() if known is None else frozenset(HolderId(one) for one in known.accounts),
    )


def known_mark(visit: Visit) -> str | None:
    """Return what tells this browser from other browsers of accounts, or None if it never was signed in."""
    known = _read(visit)
    return None if known is None else known.mark


def keep_known(visit: Visit, response: Response, *, token: str) -> Response:
    """Have the browser remember the account that its session ``token`` is bound to, besides earlier ones."""
    try:
        with visit.services.store.read() as stored:
            signed_in = find_session(hash_session(token, keys=visit.services.keys), stored=stored, now=visit.now)
            if not has_bound_device(signed_in, stored=stored):
                return response
    except SessionMissing:
        return response
    known, account = _read(visit), signed_in.holder.holder_id
    # The device's name, not a random mark: else whoever throws the note away gets a share more with each new one.
    mark = str(signed_in.session.device_id) if known is None else known.mark
    others = () if known is None else tuple(one for one in known.accounts if one != account)
    said = " ".join([mark, account, *others][: _ACCOUNTS + 1])
    sealed = visit.services.keys.seal(said.encode(), nonce=visit.services.entropy.token(NONCE_BYTES), place=_PLACE)
    value = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
    visit.door.cookies.keep_note(response, COOKIE, value, seconds=LIFE_SECONDS)
    return response


def _read(visit: Visit) -> _Known | None:
    value = visit.door.cookies.read_note(visit.request, COOKIE)
    if not value or len(value) > _MAX_CHARACTERS:
        return None
    try:
        sealed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        mark, *accounts = visit.services.keys.open(sealed, place=_PLACE).decode().split(" ")
    except (binascii.Error, GmError, ValueError):
        return None
    return _Known(mark, tuple(accounts))
