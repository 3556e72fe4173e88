"""The id of a request, which the answer carries and every log line of it shows.

An id that a client or proxy sends along is kept only if it is plain; anything else is replaced, so that nobody writes
into the logs by way of a header.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.types import Scope

from eztong.ports.entropy import Entropy

HEADER: Final = "X-Request-Id"
_ID_BYTES: Final = 12
_ID_LENGTH: Final = 2 * _ID_BYTES
_DRAWN_AT_ONCE: Final = 64
_ACCEPTED: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_STATE_KEY: Final = "request_id"


def request_id(scope: Scope) -> str:
    """Return the id of the request, or an empty text outside of an exchange."""
    return str(scope.get("state", {}).get(_STATE_KEY, ""))


class RequestIds:
    """Ids of requests. New ones are no secret, so many are drawn at once."""

    def __init__(self, entropy: Entropy) -> None:
        """Draw from ``entropy``."""
        self._entropy = entropy
        self._drawn: list[str] = []

    def choose(self, sent: str) -> str:
        """Return the id that the client sent if it can be one, else a new one."""
        return sent if sent and _ACCEPTED.fullmatch(sent) else self.new()

    def new(self) -> str:
        """Return an id that nobody has."""
        try:
            return self._drawn.pop()
        except IndexError:
            drawn = self._entropy.token(_ID_BYTES * _DRAWN_AT_ONCE).hex()
            ids = [drawn[at : at + _ID_LENGTH] for at in range(0, len(drawn), _ID_LENGTH)]
            self._drawn.extend(ids[1:])
            return ids[0]


def with_request_id(scope: Scope, identifier: str) -> None:
    """Let the request's scope know its id."""
    scope["state"] = {**scope.get("state", {}), _STATE_KEY: identifier}
