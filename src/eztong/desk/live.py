"""What the desk's screen asks for every second: requests that wait, a result that arrived, the last twenty."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import Response

from eztong.desk.counter import live_context
from eztong.desk.visit import Visit
from eztong.domain.errors import DeskUnknown, SessionMissing


def show(visit: Visit) -> Response:
    """Answer with the changing parts of the page only; asking does not keep the session awake."""
    with visit.services.store.read() as stored:
        try:
            context = live_context(visit, visit.on_duty(stored), stored)
        except (SessionMissing, DeskUnknown):
            return Response(status_code=HTTPStatus.UNAUTHORIZED.value)
    context["shown"] = context.pop("arrived")
    return visit.form_page("live.html", **context)
