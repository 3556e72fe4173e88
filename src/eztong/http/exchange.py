"""One exchange: what surrounds a request at every door, from its first byte to its log line.

An exchange has an id, a start, and one end, where its metric and its log line are written. Doors that answer before the
framework (the direct way, the Tencent Cloud door) open and end theirs themselves; all others get one by
:class:`ExchangeMiddleware`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eztong.http.correlation import HEADER, RequestIds, with_request_id
from eztong.http.logs import RequestLine, log_requests
from eztong.http.metrics import Metrics, plain_method, route_template
from eztong.ports.entropy import Entropy

Timer = Callable[[], float]
_SERVER_ERROR: Final = 500
_OF_STAFF: Final = ("/console", "/partner")


class Exchange:
    """One request on its way to an answer. ``route`` is a template, never what was asked for."""

    __slots__ = ("_exchanges", "_method", "_started", "identifier")

    def __init__(self, exchanges: Exchanges, method: str, identifier: str) -> None:
        """Begin now."""
        self.identifier = identifier
        self._exchanges = exchanges
        self._method = plain_method(method)
        self._started = exchanges.timer()

    def end(self, route: str, status: int) -> None:
        """Count the answer and write its line."""
        self._exchanges.note([self._ended(route, status)])

    def end_with_others(self, route: str, status: int) -> None:
        """The same, at once for all that end in this turn of the running event loop, such as those of one commit."""
        self._exchanges.note_soon(self._ended(route, status))

    def _ended(self, route: str, status: int) -> RequestLine:
        seconds = self._exchanges.timer() - self._started
        return RequestLine(self._method, route, status, seconds, self.identifier)


class Exchanges:
    """Opens exchanges for one deployment."""

    def __init__(self, *, metrics: Metrics, entropy: Entropy, timer: Timer = perf_counter) -> None:
        """Count in ``metrics``, draw ids from ``entropy``, take times from ``timer``."""
        self.timer = timer
        self._metrics = metrics
        self._ids = RequestIds(entropy)
        self._ended: list[RequestLine] = []

    def open(self, method: str, *, sent_id: str = "") -> Exchange:
        """Open an exchange under the id that the client sent, if it can be one."""
        return Exchange(self, method, self._ids.choose(sent_id))

    def open_as(self, method: str, identifier: str) -> Exchange:
        """Open an exchange under an id of a door's own form."""
        return Exchange(self, method, identifier)

    def note(self, ended: Sequence[RequestLine]) -> None:
        """Count exchanges and write their lines."""
        alike: dict[tuple[str, str, int], list[float]] = {}
        for one in ended:
            alike.setdefault((one.route, one.method, one.status), []).append(one.seconds)
        for (route, method, status), seconds in alike.items():
            self._metrics.requests(route, method, status, seconds)
        log_requests(ended)

    def note_soon(self, ended: RequestLine) -> None:
        """Do so in the next turn of the running event loop, with all that ends before it."""
        if not self._ended:
            asyncio.get_running_loop().call_soon(self._note_all)
        self._ended.append(ended)

    def _note_all(self) -> None:
        ended, self._ended = self._ended, []
        self.note(ended)


class ExchangeMiddleware:
    """Gives each request its exchange: the id, in the scope, in every line and in the answer, and the end.

    The outermost middleware. What ends without an answer counts as 500: that is what the server sends then.
    """

    def __init__(self, app: ASGIApp, *, exchanges: Exchanges) -> None:
        self._app = app
        self._exchanges = exchanges

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = Headers(scope=scope).getlist(HEADER)
        # Staff do not choose the id under which the audit holds what they did.
        may_choose = len(sent) == 1 and not scope["path"].startswith(_OF_STAFF)
        exchange = self._exchanges.open(scope["method"], sent_id=sent[0] if may_choose else "")
        with_request_id(scope, exchange.identifier)
        status = _SERVER_ERROR

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = exchange.identifier
            await send(message)

        try:
            with structlog.contextvars.bound_contextvars(request_id=exchange.identifier):
                await self._app(scope, receive, send_with_id)
        finally:
            exchange.end(route_template(scope), status)
