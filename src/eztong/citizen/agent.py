"""What kind of browser this is, coarsely: enough for its owner to know it again in a list."""

from __future__ import annotations

from typing import Final

from eztong.citizen.visit import Visit

_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９", "0123456789")
_MAX_DIGITS: Final = 20
_DEVICES: Final = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


def typed_digits(text: str) -> str:
    """Return the digits of a message code as they were meant: without spaces, full-width ones as ASCII."""
    return "".join(text[:_MAX_DIGITS].translate(_FULL_WIDTH).split())


def device_label(visit: Visit) -> str:
    """Return the kind of device that the browser says it runs on."""
    agent = visit.request.headers.get("user-agent", "")
    return next((name for name in _DEVICES if name in agent), "browser")
