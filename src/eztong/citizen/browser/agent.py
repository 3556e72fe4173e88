"""What kind of browser this is, coarsely: enough for its owner to know it again in a list."""

from __future__ import annotations

from typing import Final

from eztong.citizen.visit import Visit

UNKNOWN_KIND: Final = "browser"
_DEVICES: Final = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


def device_label(visit: Visit) -> str:
    """Return the kind of device that the browser says it runs on."""
    agent = visit.request.headers.get("user-agent", "")
    return next((name for name in _DEVICES if name in agent), UNKNOWN_KIND)
