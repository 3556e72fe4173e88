"""What kind of browser asks, coarsely: enough for its owner to know it again in a list, too little to follow."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

UNKNOWN_KIND: Final = "browser"
_SYSTEMS: Final = ("iPhone", "iPad", "HarmonyOS", "Android", "Windows", "Macintosh", "Linux")
# In this order: most browsers name others that they are like.
_BROWSERS: Final = {
    "MicroMessenger": "WeChat",
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}


def agent_kind(request: Request) -> str:
    """Return the browser and what it says it runs on, without any version."""
    agent = request.headers.get("user-agent", "")
    browser = next((name for mark, name in _BROWSERS.items() if mark in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    return " · ".join(part for part in (browser, system) if part) or UNKNOWN_KIND
