"""扫一扫: the QR of a partner's request or of a counter, by camera, or its link pasted; nothing else is opened."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.routing import Route

from eztong.citizen.visit import Visit
from eztong.domain.codes.own_link import MAX_LINK, Foreign, read_link
from eztong.pages.frames import Frames
from eztong.pages.visit import Door
from eztong.ports.limiter import Limit

FRAME_PATH: Final = "/scan/frame"
FRAMES: Final = Limit("citizen_frames", 600, 60)


def show(visit: Visit) -> Response:
    """Show the camera's button and the field.

    Raises:
        SessionMissing: sign in first, and come back here.
        HolderNotActive, DeviceNotBound: this browser has nothing to scan for.
    """
    _holder(visit)
    return _scan_page(visit, None)


def follow(visit: Visit) -> Response:
    """Go where an own link leads, or say what else was scanned; what a foreign one holds is never opened or kept."""
    _holder(visit)
    found = read_link(visit.form.get("link", ""), origin=visit.services.deployment.public_url)
    return _scan_page(visit, found) if isinstance(found, Foreign) else visit.redirect(found)


def frames(door: Door[Visit]) -> Route:
    """Return the route for pictures of signed-in holders."""
    return Frames(door, limit=FRAMES, who=_holder).route(FRAME_PATH)


def _holder(visit: Visit) -> str:
    with visit.services.store.read() as stored:
        return visit.bound(stored).holder.holder_id


def _scan_page(visit: Visit, foreign: Foreign | None) -> Response:
    return visit.form_page(
        "codes/scan.html",
        status=HTTPStatus.OK.value if foreign is None else HTTPStatus.UNPROCESSABLE_ENTITY.value,
        foreign=foreign,
        max_link=MAX_LINK,
        site=urlsplit(visit.services.deployment.public_url).netloc,
    )
