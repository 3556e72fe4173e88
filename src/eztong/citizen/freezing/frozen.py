"""The account is frozen: what stopped, and how to go on (clause 2.9)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.visit import Visit


def show(visit: Visit) -> Response:
    """Say what stopped and how to go on."""
    return visit.page("freezing/frozen.html")
