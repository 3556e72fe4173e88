"""Pictures from a desk's camera: where they go, and how many a clerk may send."""

from __future__ import annotations

from typing import Final

from starlette.routing import Route

from eztong.desk.visit import Visit
from eztong.pages.frames import Frames
from eztong.pages.visit import Door
from eztong.ports.limiter import Limit

PATH: Final = "/desk/frame"
FRAMES: Final = Limit("desk_frames", 600, 60)


def route(door: Door[Visit]) -> Route:
    """Return the route for signed-in staff."""
    return Frames(door, limit=FRAMES, who=_staff).route(PATH)


def _staff(visit: Visit) -> str:
    return visit.read_on_duty().staff.staff_id
