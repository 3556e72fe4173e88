"""A plain request, recognised in its bytes as they came.

Recognised is less than the server's parser takes, and only what every reader of HTTP/1.1 reads alike: one line for the
request, ``name: value`` for each field with one blank between, no name twice, a Host, a Content-Length in its shortest
spelling, and nothing that speaks of the connection, of codings or of another protocol. What is not recognised is no
error: the ordinary way judges it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from eztong.http.sanity import MAX_BODY

MAX_PLAIN_HEAD: Final = 8 * 1024
_MOST_DIGITS: Final = len(str(MAX_BODY))
# Possessive, so that a head that does not match costs one pass. RFC 9110 section 5.5 allows more in names and values.
_FIELDS: Final = re.compile(rb"(?:[A-Za-z0-9-]++: [!-~\x80-\xff][ -~\x80-\xff]*+\r\n){1,64}+\r\n")
_FIELD: Final = re.compile(rb"([^:]++): ([^\r]++)\r\n")
_KEEP_ALIVE: Final = b"keep-alive"
"""What many clients say, and what HTTP/1.1 means without it (RFC 9112 section 9.3)."""

_UNUSUAL: Final = frozenset(
    {
        b"expect",
        b"http2-settings",
        b"keep-alive",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)


class PlainHead(msgspec.Struct, frozen=True):
    """The head of a plain request. ``fields`` by name in small letters; its body lies from ``starts`` to ``ends``."""

    fields: Mapping[bytes, bytes]
    starts: int
    ends: int

    def request_in(self, data: bytes) -> WholeRequest | None:
        """Return the request that ``data`` is, if it ends where ``data`` does."""
        return WholeRequest(self.fields, data[self.starts :]) if len(data) == self.ends else None


class WholeRequest(msgspec.Struct, frozen=True):
    """A plain request with its body."""

    fields: Mapping[bytes, bytes]
    body: bytes

    def text(self, name: bytes) -> str | None:
        """Return the value of a field as a text, if it was sent; its bytes are not checked."""
        value = self.fields.get(name)
        return None if value is None else value.decode("latin-1")


def plain_head(data: bytes, request_line: bytes) -> PlainHead | None:
    """Return the head that ``data`` begins with, if it is whole, plain, and of the one ``request_line``."""
    if not data.startswith(request_line):
        return None
    starts = len(request_line)
    found = _FIELDS.match(data, starts)
    if found is None or (ends := found.end()) > MAX_PLAIN_HEAD:
        return None
    # What is matched has nothing else between its fields, so this finds each of them.
    lines = _FIELD.findall(data, starts, ends - 2)
    fields = {name.lower(): value for name, value in lines}
    length = fields.get(b"content-length", b"")
    if (
        len(fields) != len(lines)
        or data.find(b" \r\n", starts, ends) >= 0
        or b"host" not in fields
        or not length.isdigit()
        or len(length) > _MOST_DIGITS
        or fields.get(b"connection", _KEEP_ALIVE).lower() != _KEEP_ALIVE
        or not _UNUSUAL.isdisjoint(fields)
    ):
        return None
    size = int(length)
    if size > MAX_BODY or b"%d" % size != length:
        return None
    return PlainHead(fields, ends, ends + size)
