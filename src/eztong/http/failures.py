"""The last line of every door: whatever a handler did not expect is a problem with a request id, and no traceback."""

from __future__ import annotations

import traceback
from typing import Final

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eztong.domain.errors import BodyTooLarge
from eztong.http.correlation import request_id
from eztong.http.problems import problem_of

CLIENT_GONE: Final = 499
"""What is counted and logged when a client hung up before its request was complete; nobody receives it."""
_log = structlog.get_logger(__name__)


class FailureMiddleware:
    """Answers what nobody else answered. :class:`SanityMiddleware`, around it, words what is too large."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except BodyTooLarge:
            raise
        except Exception as error:  # noqa: BLE001 - every failure becomes a problem, an unknown one an opaque 500
            report_failure(error, identifier=request_id(scope))
            # An answer that was cut short ends its connection; one that is complete, the framework made of the failure.
            if not has_begun:
                problem = problem_of(error)
                body = problem.body(request_id=request_id(scope))
                await Response(body, problem.status, headers=problem.headers())(scope, receive, send)


def report_failure(error: Exception, *, identifier: str) -> None:
    """Log what failed: type and place. The message of a foreign exception may hold anything."""
    frames = traceback.format_tb(error.__traceback__)
    _log.error("request_failed", kind=type(error).__name__, frames=frames, request_id=identifier)
