"""A request as it arrives at the door: recognised by its head, its body read only as far as it may go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from starlette.types import Receive, Scope

from eztong.tencentcloud.transport.refusals import refusal, too_large_for_v1
from eztong.tencentcloud.transport.room import Share

MOST_QUERY: Final = 32 * 1024
MOST_V1_BODY: Final = 1024 * 1024
MOST_BODY: Final = 10 * 1024 * 1024
FORM: Final = "application/x-www-form-urlencoded"
FOLDER: Final = "tencentcloud"
_NOT_REPEATED: Final = ("authorization", "content-type", "host", "x-tc-")
_OPERATIONS: Final = frozenset({"/healthz", "/readyz", "/metrics"})

Whose = Literal["door", "house", "unclear"]


class ClientGone(Exception):
    """The client closed the connection before its body was complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Everything but the body. ``headers`` by lower-case name, as the bytes came (latin-1)."""

    method: str
    path: str
    query: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    client: str
    has_repeated_headers: bool = False

    def header(self, name: str) -> str:
        """Return a header, trimmed, or an empty text."""
        return self.headers.get(name, "").strip()

    @property
    def query_bytes(self) -> bytes:
        """The query as the client sent it."""
        return self.query.encode("latin-1")

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def is_form(self) -> bool:
        """Say whether the body is a form."""
        return self.method == "POST" and self.media_type == FORM

    @property
    def is_tc3(self) -> bool:
        """Say whether the head speaks of signature version 3: a form on its own may be version 1."""
        return "x-tc-action" in self.headers or "authorization" in self.headers or not (self.is_form or self.is_v1_get)

    @property
    def is_v1_get(self) -> bool:
        """Say whether the query can be one of signature version 1."""
        names = {part.partition("=")[0] for part in self.query.split("&")}
        return self.method == "GET" and {"Action", "Signature"} <= names


def head_of(scope: Scope) -> Head:
    """Return the head of a request."""
    pairs = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
    names = [name for name, _value in pairs if name.startswith(_NOT_REPEATED)]
    return Head(
        method=scope["method"],
        path=(scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0],
        query=scope["query_string"].decode("latin-1"),
        headers=dict(pairs),
        client=scope["client"][0] if scope.get("client") else "",
        has_repeated_headers=len(names) != len(set(names)),
    )


def whose(scope: Scope, *, own_host: str | None) -> Whose:
    """Say whether a request is the door's; ``unclear`` is a form to ``/``, which its fields decide."""
    path = scope["path"]
    if _has_two_lengths(scope):
        # Sanity answers it, as everywhere: such framing is how requests are smuggled past proxies.
        return "house"
    if path not in _OPERATIONS and is_own_host(_host_of(scope), own_host):
        return "door"
    place = path.strip("/")
    if place == FOLDER:
        return "door"
    if place:
        return "house"
    head = head_of(scope)
    if "x-tc-action" in head.headers or head.header("authorization").startswith("TC3-") or head.is_v1_get:
        return "door"
    return "unclear" if head.is_form else "house"


async def read_body(head: Head, receive: Receive, *, share: Share) -> bytes:
    """Return the body, if it is not longer than its signature version allows and there is room for it.

    Raises:
        TencentError: too long.
        TooMany: other bodies fill the room.
        ClientGone: it did not come to its end.
    """
    most = MOST_BODY if head.is_tc3 else MOST_V1_BODY
    stated = head.header("content-length")
    if stated.isascii() and stated.isdigit() and (len(stated) > len(str(most)) or int(stated) > most):
        raise _too_large(head)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise _too_large(head)
        share.grow(len(part))
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _too_large(head: Head) -> Exception:
    return refusal("RequestSizeLimitExceeded") if head.is_tc3 else too_large_for_v1()


def _has_two_lengths(scope: Scope) -> bool:
    names = [name for name, _value in scope["headers"] if name in {b"content-length", b"transfer-encoding"}]
    return len(names) > 1


def is_own_host(host: bytes, own_host: str | None) -> bool:
    """Say whether the value of a ``Host`` field is the door's own host name, at which there is nothing else."""
    return own_host is not None and host.decode("latin-1").strip().lower().partition("/")[0] == own_host


def _host_of(scope: Scope) -> bytes:
    return next((value for name, value in scope["headers"] if name == b"host"), b"")
