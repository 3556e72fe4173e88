"""An address that does not exist, typed into a browser: a person gets a page, a program its problem document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from eztong.domain.errors import NotFound
from eztong.pages.error_pages import error_page
from eztong.pages.visit import Door

Answer: TypeAlias = Callable[[Request, Exception], Awaitable[Response]]
FOR_PROGRAMS: Final = ("/v1", "/.well-known", "/tencentcloud", "/static", "/metrics", "/healthz", "/readyz")
_NOWHERE: Final = frozenset({HTTPStatus.NOT_FOUND.value, HTTPStatus.METHOD_NOT_ALLOWED.value})


def with_pages(answer: Answer, doors: Mapping[str, Door[Any]]) -> Answer:
    """Return ``answer`` with the error page of a door before it, for browsers that are nowhere.

    ``doors`` are found by the beginning of the path, the first that fits; the empty beginning fits all. Status and
    ``Allow`` stay what they are.
    """

    async def answer_or_page(request: Request, error: Exception) -> Response:
        path = request.url.path
        if not isinstance(error, HTTPException) or error.status_code not in _NOWHERE or not _is_browser(request):
            return await answer(request, error)
        if any(_is_within(path, place) for place in FOR_PROGRAMS):
            return await answer(request, error)
        door = next(door for place, door in doors.items() if _is_within(path, place))
        visit = door.visit(request)
        page = await run_in_threadpool(error_page, visit, NotFound())
        page.status_code = error.status_code
        page.headers.update(error.headers or {})
        door.cookies.keep_choices(request, page, language=visit.words.language, elder=visit.elder)
        return page

    return answer_or_page


def _is_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _is_within(path: str, place: str) -> bool:
    return not place or path == place or path.startswith(f"{place}/")
