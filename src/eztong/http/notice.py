"""The line about what is out of order, on every answer to partners while something is (clause 4.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PARTNERS: Final = "/v1/"


class NoticeMiddleware:
    """Adds the line to what is answered under ``/v1/``. While nothing is out of order a request passes as it is."""

    def __init__(self, app: ASGIApp, *, notice: Callable[[], bytes]) -> None:
        """``notice`` returns the line as it is written, or nothing."""
        self._app = app
        self._notice = notice

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        line = self._notice()
        if not line or scope["type"] != "http" or not scope["path"].startswith(PARTNERS):
            await self._app(scope, receive, send)
            return
        name, _, value = line.rstrip(b"\r\n").partition(b": ")

        async def send_with_notice(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (name, value)]
            await send(message)

        await self._app(scope, receive, send_with_notice)
