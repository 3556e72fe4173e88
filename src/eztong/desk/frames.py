"""Pictures from a desk's camera, for browsers without a barcode reader of their own. Nothing of them is kept."""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from eztong.desk.visit import Visit
from eztong.domain.errors import EztongError, InputInvalid
from eztong.http.correlation import request_id
from eztong.http.csrf import check_csrf
from eztong.http.problems import problem_of
from eztong.http.qr_reading import MAX_PIXELS, read_qr
from eztong.pages.visit import House
from eztong.ports.limiter import Limit

PATH: Final = "/desk/frame"
MAX_BODY: Final = MAX_PIXELS
FRAMES: Final = Limit("desk_frames", 600, 60)
_CSRF_HEADER: Final = "x-csrf"
_LONGEST_SIDE: Final = 4


class Frames:
    """Reads QR codes for signed-in staff."""

    def __init__(self, house: House[Visit]) -> None:
        self._house = house

    async def read(self, request: Request) -> Response:
        """Answer with the text of the code in the picture, or with none."""
        visit = self._house.visit(request)
        try:
            check_csrf(
                request.headers.get(_CSRF_HEADER, ""), session_token=visit.cookie, keys=self._house.services.keys
            )
            return await run_in_threadpool(_read, visit, await request.body())
        except EztongError as error:
            problem = problem_of(error)
            return Response(
                problem.body(request_id=request_id(request.scope)), problem.status, headers=problem.headers()
            )


def _read(visit: Visit, gray: bytes) -> Response:
    on_duty = visit.read_on_duty()
    visit.services.limiter.hit(FRAMES, on_duty.staff.staff_id)
    found = read_qr(gray, width=_side(visit, "w"), height=_side(visit, "h"))
    return JSONResponse({"text": found})


def _side(visit: Visit, name: str) -> int:
    text = visit.request.query_params.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < _LONGEST_SIDE):
        raise InputInvalid
    return int(text)
