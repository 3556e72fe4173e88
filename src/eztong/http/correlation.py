"""Correlation: every request has an id, which the answer carries and every log line of it shows.

An id that a client or proxy sends along is kept only if it is plain; anything else is replaced, so that nobody writes
into the logs by way of a header.
"""

from __future__ import annotations

import re
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eztong.ports.entropy import Entropy

HEADER: Final = "X-Request-Id"
_ID_BYTES: Final = 12
_ACCEPTED: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_STATE_KEY: Final = "request_id"


def request_id(scope: Scope) -> str:
    """Return the id of the request, or an empty text outside :class:`CorrelationMiddleware`."""
    return str(scope.get("state", {}).get(_STATE_KEY, ""))


def choose_request_id(sent: str, *, entropy: Entropy) -> str:
    """Return the id that the client sent if it can be one, else a new one."""
    return sent if _ACCEPTED.fullmatch(sent) else entropy.token(_ID_BYTES).hex()


class CorrelationMiddleware:
    """Gives each request its id. The outermost middleware."""

    def __init__(self, app: ASGIApp, *, entropy: Entropy) -> None:
        self._app = app
        self._entropy = entropy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = Headers(scope=scope).getlist(HEADER)
        identifier = choose_request_id(sent[0] if len(sent) == 1 else "", entropy=self._entropy)
        scope["state"] = {**scope.get("state", {}), _STATE_KEY: identifier}

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = identifier
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=identifier):
            await self._app(scope, receive, send_with_id)
