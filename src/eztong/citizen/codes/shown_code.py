"""The code that this browser was just given, so that its page can be read again: sealed in the browser, while it lives.

The store knows keyed hashes of a code only, and so does whoever reads it. The browser keeps the digits for the code's
own life, under a key of the service and bound to the session: without that session the note opens nothing, and with it
anybody could have a code made. It is never in an address, and no script can read it.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Final

import msgspec
from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.domain.codes.presentation_code import CodeState, PresentationCode, ShownCode
from eztong.domain.identifiers import CodeId, HolderId
from eztong.domain.sealing import NONCE_BYTES
from eztong.gm.errors import GmError
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import SignedIn

COOKIE: Final = "ezt_shown"
_MAX_CHARACTERS: Final = 1000


class _Note(msgspec.Struct, frozen=True):
    code_id: str
    number: str
    qr: str | None
    issued_at: datetime
    expires_at: datetime


def keep_shown(visit: Visit, response: Response, code: ShownCode) -> Response:
    """Have the browser keep the code as long as it lives."""
    note = _Note(code.code_id, code.number, code.qr, code.issued_at, code.expires_at)
    services = visit.services
    sealed = services.keys.seal(
        msgspec.json.encode(note), nonce=services.entropy.token(NONCE_BYTES), place=_place(visit)
    )
    value = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
    life = int((code.expires_at - code.issued_at).total_seconds())
    visit.door.cookies.keep_note(response, COOKIE, value, seconds=life)
    return response


def find_shown(
    visit: Visit, signed_in: SignedIn, *, stored: Repositories, owner: HolderId | None = None
) -> tuple[ShownCode, PresentationCode] | None:
    """Return the code that this browser keeps, if it still stands for the device that is signed in here.

    It is a code of the account that is signed in, or of the ``owner``, its ward.
    """
    shown = _read(visit)
    code = None if shown is None else stored.codes.get(shown.code_id)
    if shown is None or code is None or code.state is not CodeState.ISSUED or visit.now >= code.expires_at:
        return None
    is_own = code.holder_id == (owner or signed_in.holder.holder_id) and code.device_id == signed_in.session.device_id
    return (shown, code) if is_own else None


def _read(visit: Visit) -> ShownCode | None:
    value = visit.door.cookies.read_note(visit.request, COOKIE)
    if not value or len(value) > _MAX_CHARACTERS:
        return None
    try:
        sealed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        note = msgspec.json.decode(visit.services.keys.open(sealed, place=_place(visit)), type=_Note)
    except (binascii.Error, GmError, ValueError):
        return None
    return ShownCode(
        code_id=CodeId(note.code_id),
        number=note.number,
        qr=note.qr,
        issued_at=note.issued_at,
        expires_at=note.expires_at,
    )


def _place(visit: Visit) -> tuple[str, str, str]:
    return ("browser", visit.session_hash.hex(), "shown_code")
