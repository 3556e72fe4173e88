"""The way back of a person who must register first: a short-lived signed cookie with a path of this site, used once.

Signing in carries the way back in its form. Registering takes five pages and changes the session's token, so the
browser keeps the way instead.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Final

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.citizen.ways_back import own_path
from eztong.gm.errors import GmError
from eztong.gm.sm3 import require_equal
from eztong.ports.keys import MacPurpose

COOKIE: Final = "ezt_way_back"
LIFE_SECONDS: Final = 900
_CONTEXT: Final = b"way-back\x00"
_TAG_BYTES: Final = 32
_MAX_CHARACTERS: Final = 400


def keep_way(visit: Visit, response: Response) -> Response:
    """Have the browser come back to this page after signing in or registering."""
    until = int(visit.now.timestamp()) + LIFE_SECONDS
    said = f"{until} {own_path(visit.request.url.path)}".encode()
    tag = visit.services.keys.mac(MacPurpose.SESSION, _CONTEXT + said)
    value = base64.urlsafe_b64encode(tag + said).rstrip(b"=").decode()
    visit.door.cookies.keep_note(response, COOKIE, value, seconds=LIFE_SECONDS)
    return response


def kept_way(visit: Visit) -> str | None:
    """Return the path that the browser keeps, if this service wrote it and it is not old."""
    value = visit.door.cookies.read_note(visit.request, COOKIE)
    if not value or len(value) > _MAX_CHARACTERS:
        return None
    try:
        whole = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        return None
    tag, said = whole[:_TAG_BYTES], whole[_TAG_BYTES:]
    return _path(said, now=visit.now) if _is_ours(tag, said, visit=visit) else None


def way_is_over(visit: Visit, response: Response) -> Response:
    """Forget the way: the person is where it leads."""
    if visit.door.cookies.read_note(visit.request, COOKIE):
        visit.door.cookies.drop_note(response, COOKIE)
    return response


def _is_ours(tag: bytes, said: bytes, *, visit: Visit) -> bool:
    for expected in visit.services.keys.macs(MacPurpose.SESSION, _CONTEXT + said):
        try:
            require_equal(expected, tag)
        except GmError:
            continue
        return True
    return False


def _path(said: bytes, *, now: datetime) -> str | None:
    until, _space, path = said.decode().partition(" ")
    return own_path(path) if now.timestamp() < int(until) else None
