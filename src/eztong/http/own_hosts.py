"""Doors with an address of their own: each is answered at its address alone, and whoever is at the wrong one is led on.

So staff keep one bookmark, a proxy can let the console's name in from inside alone, and no page of one door shares an
origin with another's.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from eztong.http.hosts import OPERATIONS

SHARED: Final = ("/static/", "/brand/", "/favicon.ico")
"""What pages of every door load from where they are."""

_READS: Final = frozenset({"GET", "HEAD"})


class OwnHostsMiddleware:
    """Leads to the address of a door. Without such addresses requests pass as they are."""

    def __init__(self, app: ASGIApp, *, own: Mapping[str, str], public_url: str) -> None:
        """Know the doors: ``own`` has the path of each by its host, such as ``desk.example.org`` and ``/desk``."""
        self._app = app
        self._own = {host.lower(): path for host, path in own.items()}
        self._public_url = public_url
        self._scheme = public_url.partition(":")[0]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if self._own and scope["type"] == "http":
            answer = self._led(scope)
            if answer is not None:
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _led(self, scope: Scope) -> Response | None:
        """Return the answer that leads on; None where the request is at the right address."""
        path: str = scope["path"]
        if path.startswith(SHARED) or path in OPERATIONS:
            return None
        here = self._own.get(self._host(scope))
        if here is not None and path == "/":
            return RedirectResponse(here, HTTPStatus.SEE_OTHER.value)
        home = next((host for host, door in self._own.items() if _is_below(path, door)), None)
        if (None if home is None else self._own[home]) == here:
            return None
        if scope["method"] not in _READS:
            return PlainTextResponse("404 Not Found\n", HTTPStatus.NOT_FOUND.value)
        base = self._public_url if home is None else f"{self._scheme}://{home}"
        query = scope["query_string"].decode("latin-1")
        return RedirectResponse(f"{base}{quote(path)}{'?' if query else ''}{query}", HTTPStatus.SEE_OTHER.value)

    def _host(self, scope: Scope) -> str:
        named = Headers(scope=scope).get("host", "").lower()
        return named if named in self._own else named.partition(":")[0]


def _is_below(path: str, door: str) -> bool:
    return path == door or path.startswith(f"{door}/")
