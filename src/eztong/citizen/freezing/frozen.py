"""The account is frozen: what stopped, and how to go on (clause 2.9)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.visit import Visit

FROZEN = "/frozen"


def show(visit: Visit) -> Response:
    """Say what stopped and how to go on."""
    return visit.page("freezing/frozen.html")


def frozen(visit: Visit) -> Response:
    """Lead to the page that says what stopped; this browser's session is over, too."""
    response = visit.redirect(FROZEN)
    visit.house.cookies.drop_session(response)
    return response
