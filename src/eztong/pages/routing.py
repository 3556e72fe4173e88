"""How a handler becomes a route: begin the visit, read and check the form, run on a worker thread, word the errors."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from contextvars import copy_context
from dataclasses import replace
from http import HTTPStatus
from typing import Final, TypeAlias, TypeVar

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from eztong.domain.errors import EztongError, InputInvalid
from eztong.http.csrf import FormForged
from eztong.http.failures import CLIENT_GONE
from eztong.pages.error_pages import error_page
from eztong.pages.visit import Door, DoorPlan, Visit

V = TypeVar("V", bound=Visit)
Handler: TypeAlias = Callable[[V], Response]
MAX_FIELDS: Final = 40
_log = structlog.get_logger(__name__)


def page(
    door: Door[V],
    path: str,
    *,
    get: Handler[V] | None = None,
    post: Handler[V] | None = None,
    edit: Handler[V] | None = None,
    when_forged: Callable[[V], Response | None] | None = None,
    threads: Executor | None = None,
) -> Route:
    """Return the route of a page with what it does on GET and POST; ``edit`` refuses PATCH and PUT with a reason.

    ``when_forged`` may answer a form whose token does not fit, such as a second press of a button whose first press
    changed the browser's token; where it returns None the form is refused. ``threads`` are worker threads of the page's
    own, for handlers that wait for this very server: on the shared ones they could take every thread that the answer
    needs.
    """
    handlers: dict[str, Handler[V]] = {}
    if get is not None:
        handlers["GET"] = handlers["HEAD"] = get
    if post is not None:
        handlers["POST"] = _checked(post, when_forged, get)
    if edit is not None:
        handlers["PATCH"] = handlers["PUT"] = edit
    return Route(path, _endpoint(door, handlers, threads), methods=list(handlers))


def _endpoint(
    door: Door[V], handlers: Mapping[str, Handler[V]], threads: Executor | None
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        visit = door.visit(request)
        try:
            if request.method == "POST":
                form, files = await _read_form(request, door.plan)
                visit = replace(visit, form=form, files=files, has_page="GET" in handlers)
            response = await _run(handlers[request.method], visit, threads)
        except ClientDisconnect:
            return Response(status_code=CLIENT_GONE)
        except EztongError as error:
            response = await run_in_threadpool(error_page, visit, error)
        except Exception as error:  # noqa: BLE001 - the door's last line: whatever it is, a person gets a page
            _report(error)
            response = await run_in_threadpool(error_page, visit, error)
        door.cookies.keep_choices(request, response, language=visit.words.language, elder=visit.elder)
        return response

    return endpoint


async def _run(handler: Handler[V], visit: V, threads: Executor | None) -> Response:
    if threads is None:
        return await run_in_threadpool(handler, visit)
    # The context goes along, as it does to the shared threads: logs know the request by it.
    return await asyncio.get_running_loop().run_in_executor(threads, copy_context().run, handler, visit)


def _checked(
    post: Handler[V], when_forged: Callable[[V], Response | None] | None, get: Handler[V] | None
) -> Handler[V]:
    def handler(visit: V) -> Response:
        try:
            visit.check_form()
        except FormForged:
            instead = None if when_forged is None else when_forged(visit)
            instead = _shown_again(visit, get) if instead is None else instead
            if instead is None:
                raise
            return instead
        return post(visit)

    return handler


def _shown_again(visit: V, get: Handler[V] | None) -> Response | None:
    """Show the form once more, with what was typed and a token that fits: two tabs were open before the first cookie.

    Not to a browser without a cookie: another site's form comes without one, and an answer that sets a new cookie would
    sign its owner out.
    """
    if get is None or visit.cookie is None:
        return None
    response = get(replace(visit, is_again=True))
    if response.status_code != HTTPStatus.OK.value or not isinstance(response, HTMLResponse):
        return None
    response.status_code = HTTPStatus.FORBIDDEN.value
    return response


async def _read_form(request: Request, plan: DoorPlan) -> tuple[dict[str, str], dict[str, bytes]]:
    path = request.url.path
    most = plan.long_forms.get(path, MAX_FIELDS)
    try:
        async with request.form(max_files=1 if path in plan.uploads else 0, max_fields=most) as form:
            brought = {name: await value.read() for name, value in form.items() if isinstance(value, UploadFile)}
            return {name: value for name, value in form.items() if isinstance(value, str)}, brought
    except HTTPException as error:
        raise InputInvalid from error


def _report(error: Exception) -> None:
    # The message of a foreign exception may hold anything; type and place are enough to find it.
    _log.error("page_failed", error=type(error).__name__, frames=traceback.format_tb(error.__traceback__))
