"""Sanity: requests that no honest client sends are answered before any door sees them.

1. The host must be one of the service's own (421), except for what probes ask.
2. A path must be percent-encoded UTF-8 without control characters (400).
3. The length of the body must be stated in one way only, and be a number (400).
4. A body may not be larger than ``max_body`` bytes: told in advance, or found out while it streams in (413).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eztong.domain.errors import BodyTooLarge, HostUnknown
from eztong.http.correlation import request_id
from eztong.http.hosts import Hosts
from eztong.http.problems import problem_of

MAX_BODY: Final = 64 * 1024
_API: Final = "/v1/"
_FIRST_PRINTABLE: Final = 0x20
_DELETE: Final = 0x7F


class SanityMiddleware:
    """Answers malformed requests with 400, foreign hosts with 421 and oversized bodies with 413.

    Whoever reads too large a body gets :class:`BodyTooLarge` and may word the 413; any other answer is replaced.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_body: int = MAX_BODY,
        larger: Mapping[str, int] | None = None,
        hosts: Hosts | None = None,
    ) -> None:
        """Allow ``max_body`` bytes, and what ``larger`` says on its paths; without ``hosts``, every host is good."""
        self._app = app
        self._max_body = max_body
        self._larger = dict(larger or {})
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._hosts is not None and not self._hosts.is_ours(scope):
            await _answer_foreign(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused is not None:
            await _answer(refused, scope, receive, send)
            return
        body = _LimitedBody(receive, send, limit=self._limit(scope))
        try:
            await self._app(scope, body.receive, body.send)
        except BodyTooLarge:
            if body.is_answered:
                raise
        if body.is_too_large and not body.is_answered:
            await _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, scope, receive, send)

    def _limit(self, scope: Scope) -> int:
        return self._larger.get(scope["path"], self._max_body)

    def _refusal(self, scope: Scope) -> HTTPStatus | None:
        headers = Headers(scope=scope)
        lengths = headers.getlist("content-length")
        if not _is_readable_path(scope) or len(lengths) > 1 or (lengths and "transfer-encoding" in headers):
            return HTTPStatus.BAD_REQUEST
        if not lengths:
            return None
        if not (lengths[0].isascii() and lengths[0].isdigit()):
            return HTTPStatus.BAD_REQUEST
        limit = self._limit(scope)
        too_long = len(lengths[0]) > len(str(limit)) or int(lengths[0]) > limit
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_long else None


class _LimitedBody:
    """Counts what streams in; once it is too much, the door's own answer no longer goes out."""

    def __init__(self, receive: Receive, send: Send, *, limit: int) -> None:
        self._receive = receive
        self._send = send
        self._left = limit
        self.is_too_large = False
        self.is_answered = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self.is_too_large = True
                raise BodyTooLarge
        return message

    async def send(self, message: Message) -> None:
        if self.is_too_large and not self.is_answered and message.get("status") != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return
        self.is_answered = True
        await self._send(message)


def _is_readable_path(scope: Scope) -> bool:
    raw = unquote_to_bytes(scope.get("raw_path") or scope["path"].encode())
    try:
        path = raw.decode()
    except UnicodeDecodeError:
        return False
    return not any(ord(char) < _FIRST_PRINTABLE or ord(char) == _DELETE for char in path)


async def _answer(status: HTTPStatus, scope: Scope, receive: Receive, send: Send) -> None:
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE and scope["path"].startswith(_API):
        problem = problem_of(BodyTooLarge())
        body = problem.body(request_id=request_id(scope))
        await Response(body, status.value, headers=problem.headers())(scope, receive, send)
        return
    # The connection ends with the answer: whatever else is in the pipe must not be read as another request.
    response = PlainTextResponse(f"{status.value} {status.phrase}\n", status.value, headers={"Connection": "close"})
    await response(scope, receive, send)


async def _answer_foreign(scope: Scope, receive: Receive, send: Send) -> None:
    problem = problem_of(HostUnknown())
    headers = {**problem.headers(), "connection": "close"}
    await Response(problem.body(request_id=request_id(scope)), problem.status, headers=headers)(scope, receive, send)
