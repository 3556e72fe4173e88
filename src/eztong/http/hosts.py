"""Which host names are this service's: a request that names another one is not answered.

Names of others reach a service through a wrong entry in a proxy or in the DNS, or because a page somewhere pointed its
own name at this machine (DNS rebinding) so that the browser takes both for one site. Nothing here is built from the
``Host`` field, and still the answer to a foreign one is none.

Probes name a machine by its address: what they ask for (:data:`OPERATIONS`) is answered whatever the host.

Doors may have an address of their own: each is answered there alone, and whoever is at the wrong one is led on. So
staff keep one bookmark, a proxy can let the console's name in from inside alone, and no door shares an origin with
another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

OPERATIONS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_MOST_REMEMBERED: Final = 256
_PLAIN: Final = re.compile(r"[a-z0-9_.:-]{1,253}")
# A name or an address, and perhaps a port (RFC 9110 section 7.2): no user, no path: proxies read them otherwise.
_HOST_FIELD: Final = re.compile(r"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?")
_LOCAL: Final = ".localhost"


class Hosts:
    """The names of one deployment. Ports do not count: a proxy may have another one than the service."""

    def __init__(self, addresses: Iterable[str], *, is_sandbox: bool) -> None:
        """Know the hosts of ``addresses`` (with or without scheme).

        In the sandbox ``localhost``, every numeric address and every name without a dot (a container's, a machine's in
        the office) count, too: nobody can point one of those at this machine from outside.
        """
        texts = (text if "//" in text else f"//{text}" for text in addresses)
        self._names = frozenset((urlsplit(text).hostname or "").rstrip(".") for text in texts) - {""}
        self._is_sandbox = is_sandbox
        self._known = lru_cache(_MOST_REMEMBERED)(self._is_known)

    def is_ours(self, scope: Scope) -> bool:
        """Say whether a request names this service, or asks for what a probe asks."""
        named = [value for name, value in scope["headers"] if name == b"host"]
        return self.knows(named[0] if len(named) == 1 else b"") or scope["path"] in OPERATIONS

    def knows(self, host: bytes) -> bool:
        """Say whether the value of a ``Host`` field is one of ours."""
        return self._known(host)

    def _is_known(self, host: bytes) -> bool:
        text = host.decode("latin-1")
        if not _HOST_FIELD.fullmatch(text):
            return False
        try:
            name = (urlsplit(f"//{text}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if name in self._names:
            return True
        if not self._is_sandbox or not _PLAIN.fullmatch(name):
            return False
        return "." not in name or name.endswith(_LOCAL) or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


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
