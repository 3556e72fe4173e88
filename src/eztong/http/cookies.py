"""Cookies: one secret per browser, and two choices that are none (language, large type).

The session cookie holds a random token and nothing else; the store knows only its keyed hash. Under https its name
carries the ``__Host-`` prefix, so that no neighbouring host can plant or overwrite it.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from eztong.ports.entropy import Entropy

TOKEN_BYTES: Final = 32
SESSION_SECONDS: Final = 30 * 24 * 3600
CHOICE_SECONDS: Final = 365 * 24 * 3600
HOLDER_COOKIE: Final = "ezt_session"
CONSOLE_COOKIE: Final = "ezt_console"
PORTAL_COOKIE: Final = "ezt_portal"
LANGUAGE_COOKIE: Final = "ezt_language"
ELDER_COOKIE: Final = "ezt_elder"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def encode_token(secret: bytes) -> str:
    """Return 32 secret bytes in the spelling of the session cookie.

    Raises:
        ValueError: not 32 bytes (programmer's mistake).
    """
    if len(secret) != TOKEN_BYTES:
        raise ValueError("a session token has 32 bytes")
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


def new_token(*, entropy: Entropy) -> str:
    """Return a fresh session token."""
    return encode_token(entropy.token(TOKEN_BYTES))


@dataclass(frozen=True, slots=True)
class Cookies:
    """Reads and writes the cookies of one door; ``secure`` says whether browsers come by https.

    ``name`` is the session cookie's: each door has its own, so that one browser can be a holder here and staff there.
    """

    secure: bool
    name: str

    @property
    def session_name(self) -> str:
        """Name the session cookie as the browser keeps it."""
        return self._own(self.name)

    def read_session(self, connection: HTTPConnection) -> str | None:
        """Return the session token, or None if there is none or it cannot be one of ours."""
        token = connection.cookies.get(self.session_name, "")
        return token if _TOKEN.fullmatch(token) else None

    def keep_session(self, response: Response, token: str) -> None:
        """Give the browser its session token; scripts and other sites' forms never get it."""
        response.set_cookie(
            self.session_name,
            token,
            max_age=SESSION_SECONDS,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def drop_session(self, response: Response) -> None:
        """Take the session token away."""
        response.delete_cookie(self.session_name, path="/", secure=self.secure, httponly=True, samesite="lax")

    def read_note(self, connection: HTTPConnection, name: str) -> str:
        """Return what :meth:`keep_note` kept, as the browser says; empty if nothing."""
        return connection.cookies.get(self._own(name), "")

    def keep_note(self, response: Response, name: str, value: str, *, seconds: int) -> None:
        """Have the browser keep a short value for a while; whoever reads it checks that it is ours."""
        response.set_cookie(
            self._own(name), value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def drop_note(self, response: Response, name: str) -> None:
        """Take the value away."""
        response.delete_cookie(self._own(name), path="/", secure=self.secure, httponly=True, samesite="lax")

    def keep_choices(self, connection: HTTPConnection, response: Response, *, language: str, elder: bool) -> None:
        """Remember language and large type for a year if this request's address chose them (``lang``, ``elder``)."""
        if "lang" in connection.query_params:
            self._keep_choice(response, LANGUAGE_COOKIE, language)
        if "elder" in connection.query_params:
            self._keep_choice(response, ELDER_COOKIE, "1" if elder else "0")

    def _own(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name

    def _keep_choice(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(
            name, value, max_age=CHOICE_SECONDS, path="/", secure=self.secure, httponly=True, samesite="lax"
        )
