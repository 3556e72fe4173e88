"""The phone that a browser asked a message code for: a sealed note, as long as the code works.

Whether an application names the phone is not said, so nothing is kept of it here; the browser keeps it instead, to show
it masked and to ask again. Only this service opens the note, and only for the session that asked.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.domain.access.otp import OTP_LIFE
from eztong.domain.identity.phone import Phone, PhoneInvalid, parse_phone
from eztong.domain.sealing import NONCE_BYTES
from eztong.gm.errors import GmError

COOKIE: Final = "ezt_asked"
_LIFE_SECONDS: Final = int(OTP_LIFE.total_seconds())
_MAX_CHARACTERS: Final = 200


def keep_phone(visit: Visit, response: Response, phone: Phone) -> Response:
    """Have the browser keep the phone, sealed for its session."""
    nonce = visit.services.entropy.token(NONCE_BYTES)
    sealed = visit.services.keys.seal(phone.value.encode(), nonce=nonce, place=_place(visit))
    value = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
    visit.door.cookies.keep_note(response, COOKIE, value, seconds=_LIFE_SECONDS)
    return response


def kept_phone(visit: Visit) -> Phone | None:
    """Return the phone in the note, if this service sealed it for this session."""
    value = visit.door.cookies.read_note(visit.request, COOKIE)
    if not value or len(value) > _MAX_CHARACTERS:
        return None
    try:
        sealed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        return parse_phone(visit.services.keys.open(sealed, place=_place(visit)).decode())
    except (binascii.Error, GmError, PhoneInvalid, ValueError):
        return None


def _place(visit: Visit) -> tuple[str, str, str]:
    return ("browser", "asked", visit.session_hash.hex())
