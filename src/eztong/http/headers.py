"""Security headers on every answer. A door that needs another value sets its own; what is set is left alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Field = tuple[bytes, bytes]
"""A name in small letters and its value, as ASGI writes headers."""

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; media-src 'self'; object-src 'none'; "
    "script-src 'self'; style-src 'self'; worker-src 'self'"
)
_NO_FEATURES: Final = (
    "accelerometer=(), autoplay=(), camera={camera}, display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(self), usb=()"
)
_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_OWN_FRAMES: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
    "X-Frame-Options": "SAMEORIGIN",
}
# The one page that holds frames says so itself; everywhere else default-src forbids them.
FRAMING_POLICY: Final = f"{_OWN_FRAMES['Content-Security-Policy']}; frame-src 'self'"
_HSTS: Final = "max-age=63072000; includeSubDomains"


WITHOUT_CAMERA: Final = (b"permissions-policy", _NO_FEATURES.format(camera="()").encode())
_WITH_CAMERA: Final = (b"permissions-policy", _NO_FEATURES.format(camera="(self)").encode())


def security_headers(*, https: bool, own_frames: bool = False) -> list[Field]:
    """Return the headers of every answer, without the permissions policy, as ASGI writes them."""
    chosen = _HEADERS | _OWN_FRAMES if own_frames else _HEADERS
    headers = [(name.lower().encode(), value.encode()) for name, value in chosen.items()]
    return [*headers, (b"strict-transport-security", _HSTS.encode())] if https else headers


def dressed(own: Iterable[Field], shared: Iterable[Field]) -> list[Field]:
    """Return the headers of an answer: its own, and of the shared ones those that it does not set itself."""
    own = list(own)
    given = {name.lower() for name, _value in own}
    return [*own, *(field for field in shared if field[0] not in given)]


class SecurityHeadersMiddleware:
    """Sets the headers: nothing inline, nothing from elsewhere, nothing framed, nothing cached.

    ``https`` adds HSTS; ``own_frames`` lets pages of this very origin frame each other (the sandbox's side-by-side
    page; never in live mode). Paths in ``camera_paths`` (and below them) may ask for the camera; no other page may.
    """

    def __init__(
        self, app: ASGIApp, *, https: bool, camera_paths: Collection[str] = (), own_frames: bool = False
    ) -> None:
        self._app = app
        self._camera_paths = tuple(camera_paths)
        self._headers = security_headers(https=https, own_frames=own_frames)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = _WITH_CAMERA if self._may_use_camera(scope["path"]) else WITHOUT_CAMERA

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = dressed(message["headers"], (*self._headers, policy))
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _may_use_camera(self, path: str) -> bool:
        return any(path == start or path.startswith(f"{start}/") for start in self._camera_paths)
