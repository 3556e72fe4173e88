"""What kind of browser this is, as its owner reads it in a list."""

from __future__ import annotations

from eztong.citizen.visit import Visit
from eztong.pages.agents import UNKNOWN_KIND, agent_kind

__all__ = ["UNKNOWN_KIND", "device_label"]


def device_label(visit: Visit) -> str:
    """Return the kind of device that the browser says it runs on."""
    return agent_kind(visit.request)
