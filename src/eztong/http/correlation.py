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
_ACCEPTED: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_STATE_KEY: Final = "request_id"


def request_id(scope: Scope) -> str:
    """Return the id of the request, or an empty text outside of an exchange."""
    return str(scope.get("state", {}).get(_STATE_KEY, ""))


def choose_request_id(sent: str, *, entropy: Entropy) -> str:
    """Return the id that the client sent if it can be one, else a new one."""
    return sent if _ACCEPTED.fullmatch(sent) else entropy.token(_ID_BYTES).hex()


def with_request_id(scope: Scope, identifier: str) -> None:
    """Let the request's scope know its id."""
    scope["state"] = {**scope.get("state", {}), _STATE_KEY: identifier}
