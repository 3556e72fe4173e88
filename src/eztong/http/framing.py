"""How a request may be framed: what no honest client sends is told by name, before anybody acts on it.

A proxy and a server that read the same bytes as different requests let one user speak in another's name (request
smuggling), so whatever can be read in two ways is refused, and the connection ends with the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

MAX_HEAD: Final = 64 * 1024
"""Bytes of address and header fields together; a signed call by GET may have 32 KiB of query alone."""
MAX_FIELDS: Final = 100
_LINE_OVERHEAD: Final = 4


@dataclass(frozen=True, slots=True)
class Refusal:
    """The one answer to a request that is not handed on."""

    status: HTTPStatus
    reason: str


TOO_LARGE: Final = Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The head of the request is too large.")
MALFORMED: Final = Refusal(HTTPStatus.BAD_REQUEST, "Invalid HTTP request received.")
TOO_SLOW: Final = Refusal(HTTPStatus.REQUEST_TIMEOUT, "The request did not arrive in time.")
TOO_MANY_AHEAD: Final = Refusal(HTTPStatus.BAD_REQUEST, "Too many requests were sent ahead of their answers.")
NO_PLACE: Final = Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Too many connections are open.")


def _odd(reason: str) -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, reason)


_VERSIONS: Final = frozenset({"1.0", "1.1"})
_UPGRADE: Final = _odd("This server speaks HTTP/1.1 and nothing else: send no Upgrade field.")
_TARGET: Final = _odd("The request target must begin with a slash.")
_HOST: Final = _odd("One Host field is required.")
_CODING: Final = _odd("The only transfer coding is chunked, named once, in HTTP/1.1.")
_LENGTH: Final = _odd("The length of the body must be told in one way.")


def framing_fault(target: bytes, fields: Iterable[tuple[bytes, bytes]], *, version: str) -> Refusal | None:
    """Return why a request's head is refused, or None.

    1. Its size and the number of its fields are bounded (RFC 6585 section 5).
    2. No other protocol is asked for: there is none, and what follows such a head is read in two ways.
    3. The target has origin form; ``*`` is left for the parser's own judgement.
    4. HTTP/1.1 has exactly one Host field, HTTP/1.0 at most one (RFC 9112 section 3.2).
    5. The body's length is told once, by length or by ``chunked``, never both (RFC 9112 section 6.3).

    Args:
        target: The request target as it was sent.
        fields: Names in small letters, with their values.
        version: Such as ``1.1``.
    """
    size, number, hosts, lengths, codings, upgrade = len(target), 0, 0, 0, 0, False
    for name, value in fields:
        size += len(name) + len(value) + _LINE_OVERHEAD
        number += 1
        if name == b"host":
            hosts += 1
        elif name == b"content-length":
            lengths += 1
        elif name == b"transfer-encoding":
            codings += 1 if value.strip().lower() == b"chunked" and version != "1.0" else MAX_FIELDS
        elif name == b"upgrade":
            upgrade = True
    if size > MAX_HEAD or number > MAX_FIELDS:
        return TOO_LARGE
    if upgrade or version not in _VERSIONS:
        return _UPGRADE
    if target[:1] != b"/" and target != b"*":
        return _TARGET
    return _fault_of_counts(hosts, lengths, codings, version=version)


def _fault_of_counts(hosts: int, lengths: int, codings: int, *, version: str) -> Refusal | None:
    if hosts > 1 or (hosts == 0 and version != "1.0"):
        return _HOST
    if codings > 1:
        return _CODING
    return _LENGTH if lengths > 1 or (lengths and codings) else None
