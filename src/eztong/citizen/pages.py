"""How a handler becomes a route: begin the visit, read and check the form, run on a worker thread, word the errors."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eztong.citizen.error_pages import error_page
from eztong.citizen.visit import House, Visit
from eztong.domain.errors import EztongError, InputInvalid, SessionMissing
from eztong.http.csrf import FormForged

Handler: TypeAlias = Callable[[Visit], Response]
MAX_FIELDS: Final = 40
_log = structlog.get_logger(__name__)


def page(house: House, path: str, *, get: Handler | None = None, post: Handler | None = None) -> Route:
    """Return the route of a page with what it does on GET and POST."""
    handlers: dict[str, Handler] = {}
    if get is not None:
        handlers["GET"] = handlers["HEAD"] = get
    if post is not None:
        handlers["POST"] = post
    return Route(path, _endpoint(house, handlers), methods=list(handlers))


def _endpoint(house: House, handlers: Mapping[str, Handler]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        visit = house.visit(request)
        try:
            if request.method == "POST":
                visit = replace(visit, form=await _read_form(request))
            response = await run_in_threadpool(_run, handlers[request.method], visit)
        except EztongError as error:
            response = await run_in_threadpool(error_page, visit, error)
        except Exception as error:  # noqa: BLE001 - the door's last line: whatever it is, a person gets a page
            _report(error)
            response = await run_in_threadpool(error_page, visit, error)
        house.cookies.keep_choices(request, response, language=visit.words.language, elder=visit.elder)
        return response

    return endpoint


def _run(handler: Handler, visit: Visit) -> Response:
    if visit.request.method == "POST":
        try:
            visit.check_form()
        except FormForged:
            if _has_moved_on(visit):
                return visit.redirect("/register/result")
            raise
    return handler(visit)


def _has_moved_on(visit: Visit) -> bool:
    # The documents were accepted twice in a row from one page: the first press changed the browser's token.
    if visit.request.url.path != "/register":
        return False
    try:
        with visit.services.store.read() as stored:
            visit.signed_in(stored)
    except SessionMissing:
        return False
    return True


async def _read_form(request: Request) -> dict[str, str]:
    try:
        form = await request.form(max_files=0, max_fields=MAX_FIELDS)
    except HTTPException as error:
        raise InputInvalid from error
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _report(error: Exception) -> None:
    # The message of a foreign exception may hold anything; type and place are enough to find it.
    _log.error("page_failed", error=type(error).__name__, frames=traceback.format_tb(error.__traceback__))
