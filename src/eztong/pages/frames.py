"""Pictures from a camera, for browsers without a barcode reader of their own. Nothing of them is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from eztong.domain.errors import EztongError, InputInvalid
from eztong.http.correlation import request_id
from eztong.http.csrf import check_csrf
from eztong.http.problems import problem_of
from eztong.http.qr_reading import MAX_PIXELS, read_qr
from eztong.pages.visit import Door, Visit
from eztong.ports.limiter import Limit

V = TypeVar("V", bound=Visit)
MAX_BODY: Final = MAX_PIXELS
_CSRF_HEADER: Final = "x-csrf"
_LONGEST_SIDE: Final = 4


class Frames(Generic[V]):
    """Reads QR codes for whoever is signed in at a door.

    ``who`` names the person that ``limit`` counts, and raises for a browser without a session.
    """

    def __init__(self, door: Door[V], *, limit: Limit, who: Callable[[V], str]) -> None:
        self._door = door
        self._limit = limit
        self._who = who

    def route(self, path: str) -> Route:
        """Return the route that takes pictures."""
        return Route(path, self.read, methods=["POST"])

    async def read(self, request: Request) -> Response:
        """Answer with the text of the code in the picture, or with none."""
        visit = self._door.visit(request)
        try:
            check_csrf(request.headers.get(_CSRF_HEADER, ""), session_token=visit.cookie, keys=self._door.services.keys)
            return await run_in_threadpool(self._read, visit, await request.body())
        except EztongError as error:
            problem = problem_of(error)
            return Response(
                problem.body(request_id=request_id(request.scope)), problem.status, headers=problem.headers()
            )

    def _read(self, visit: V, gray: bytes) -> Response:
        visit.services.limiter.hit(self._limit, self._who(visit))
        found = read_qr(gray, width=_side(visit, "w"), height=_side(visit, "h"))
        return JSONResponse({"text": found})


def _side(visit: Visit, name: str) -> int:
    text = visit.request.query_params.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < _LONGEST_SIDE):
        raise InputInvalid
    return int(text)
