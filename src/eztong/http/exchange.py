"""One exchange: what surrounds a request at every door, from its first byte to its log line.

An exchange has an id, a start, and one end, where its metric and its log line are written. Doors that answer before the
framework (the hot path, the Tencent Cloud door) open and end theirs themselves; all others get one by
:class:`ExchangeMiddleware`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eztong.http.correlation import HEADER, choose_request_id, with_request_id
from eztong.http.logs import log_request
from eztong.http.metrics import Metrics, plain_method, route_template
from eztong.ports.entropy import Entropy

Timer = Callable[[], float]
_SERVER_ERROR: Final = 500


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
        seconds = self._exchanges.timer() - self._started
        self._exchanges.metrics.request(route, self._method, status, seconds)
        log_request(self._method, route, status, seconds=seconds, identifier=self.identifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanges:
    """Opens exchanges for one deployment."""

    metrics: Metrics
    entropy: Entropy
    timer: Timer = perf_counter

    def open(self, method: str, *, sent_id: str = "") -> Exchange:
        """Open an exchange under the id that the client sent, if it can be one."""
        return Exchange(self, method, choose_request_id(sent_id, entropy=self.entropy))

    def open_as(self, method: str, identifier: str) -> Exchange:
        """Open an exchange under an id of a door's own form."""
        return Exchange(self, method, identifier)


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
        exchange = self._exchanges.open(scope["method"], sent_id=sent[0] if len(sent) == 1 else "")
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
