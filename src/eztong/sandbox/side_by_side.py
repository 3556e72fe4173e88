"""The loop with one look: phone, desk and game beside each other, each the real page in a frame."""

from __future__ import annotations

from starlette.responses import Response

from eztong.http.headers import FRAMING_POLICY
from eztong.sandbox.personas import people_to_be
from eztong.sandbox.visit import HOTEL, Visit


class SideBySide:
    """Knows whether there is a partner desk; where there is none, the demo hotel's counter stands in."""

    def __init__(self, desk: str | None) -> None:
        self._desk = desk or HOTEL

    def show(self, visit: Visit) -> Response:
        """Show the three parts. The token cookie is set here first, so that the frames share one."""
        response = visit.form_page("side_by_side.html", desk=self._desk, people=people_to_be(visit))
        response.headers["Content-Security-Policy"] = FRAMING_POLICY
        return response
