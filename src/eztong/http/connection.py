"""Connections with limits: what one may cost in memory, places and time, whoever is at its other end.

uvicorn's protocol reads heads of any size and waits for the rest of a request for ever. This one is the same with
limits (docs/adr/0034-limits-of-connections.md):

* a head is bounded in bytes and fields, and its framing must be honest (:mod:`eztong.http.framing`);
* a request must arrive in time, and an answer must be taken in time;
* when all places are taken, the connection that has been idle longest makes room, or the one that has owed the rest
  of a body longest.

A refusal is answered once and ends the connection; answers that are due before it still go out first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from starlette.types import Receive, Scope, Send
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from eztong.domain.addresses.network import plain_address
from eztong.http.framing import (
    MALFORMED,
    MAX_HEAD,
    NO_PLACE,
    TOO_LARGE,
    TOO_MANY_AHEAD,
    TOO_SLOW,
    Refusal,
    framing_fault,
)

RETRY_SECONDS: Final = 5
LINGER_SECONDS: Final = 3.0
_MOST_AHEAD: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """What a connection may cost; times in seconds."""

    connections: int = 4096
    head_seconds: float = 15.0
    """From the connection, or from the first byte of a later request, to the end of its head."""

    body_seconds: float = 60.0
    """From the end of the head to the end of the body."""

    idle_seconds: int = 75
    """Between an answer and the next request; longer than pooling proxies keep theirs."""

    write_seconds: float = 30.0
    """For an answer that the client does not take, and for saying good-bye."""


class LimitedProtocol(HttpToolsProtocol):
    """One connection of a server; :func:`limited` gives its class the limits."""

    limits: ClassVar[ConnectionLimits] = ConnectionLimits()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's own arguments
        super().__init__(*args, **kwargs)
        self._is_done = False
        self._in_body = False
        self._unheard = 0  # bytes since the parser last told of something
        self._active: RequestResponseCycle | None = None
        self._idle_since = 0.0
        self._read_by: float | None = None
        self._write_by: float | None = None

    def end_half_sent(self) -> None:
        """Close the connection if the rest of a request is still awaited."""
        if self._in_body and not self.transport.is_closing():
            self.transport.close()

    @property
    def idle_since(self) -> float | None:
        """Since when nothing is under way here; None while a request is."""
        is_busy = self._in_body or (self._active is not None and not self._active.response_complete)
        return None if is_busy else self._idle_since

    @property
    def owing_since(self) -> float | None:
        """Since when the client owes the rest of a body; None if it owes none."""
        return self._read_by - self.limits.body_seconds if self._in_body and self._read_by is not None else None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        if self.client is not None and ":" in self.client[0]:
            # A socket for both families shows IPv4 clients inside IPv6; a trusted proxy is named by its plain address.
            self.client = (plain_address(self.client[0]), self.client[1])
        self._idle_since = self.loop.time()
        self._read_by = self._idle_since + self.limits.head_seconds
        if len(self.connections) > self.limits.connections:
            self._make_room()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        # uvicorn tells only the request that came last, and another may be the one that is being answered.
        if self._active is not None and not self._active.response_complete:
            _disconnect(self._active)
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        if self._is_done:
            return
        self._unheard += len(data)
        super().data_received(data)
        if self._unheard > MAX_HEAD:
            self._refuse(TOO_LARGE)

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._read_by = self.loop.time() + self.limits.head_seconds

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_body:  # a trailer, otherwise: nobody here reads one
            super().on_header(name, value)

    @override
    def on_headers_complete(self) -> None:
        self._unheard = 0
        self._in_body = True
        self._read_by = self.loop.time() + self.limits.body_seconds
        fault = framing_fault(self.url, self.headers, version=self.parser.get_http_version())
        if len(self.pipeline) >= _MOST_AHEAD:
            fault = TOO_MANY_AHEAD
        if fault is not None:
            # Its answer waits for its turn behind those of the requests before it.
            self._is_done = True
            self.url = b"/"  # the parser of addresses must not fail on what is refused
            self.app = _Refused(fault)
        super().on_headers_complete()

    @override
    def on_body(self, body: bytes) -> None:
        self._unheard = 0
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        self._unheard = 0
        self._in_body = False
        self._read_by = None
        super().on_message_complete()

    @override
    def on_response_complete(self) -> None:
        self._idle_since = self.loop.time()
        super().on_response_complete()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_by = self.loop.time() + self.limits.write_seconds

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        self._write_by = None

    @override
    def send_400_response(self, _msg: str) -> None:
        self._refuse(MALFORMED)

    @override
    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._active = cycle
        super()._start_asgi_task(cycle, app)

    @override
    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: it was refused with its head."""

    def check_time(self, now: float) -> None:
        """End the connection if its client owes something for too long."""
        if self.transport.is_closing() and self._write_by is None:
            self._write_by = now + self.limits.write_seconds
        if self._write_by is not None and now > self._write_by:
            self.transport.abort()
        # While we do not read, the client cannot be late.
        elif self._read_by is not None and now > self._read_by and not self.flow.read_paused and not self._is_done:
            self._refuse(TOO_SLOW)

    def _make_room(self) -> None:
        others = [one for one in self.connections if isinstance(one, LimitedProtocol) and one is not self]
        idle = [(one.idle_since, id(one), one) for one in others if one.idle_since is not None]
        # Whoever sends half a body does no work here: else a few thousand of them would keep everybody out.
        waiting = idle or [(one.owing_since, id(one), one) for one in others if one.owing_since is not None]
        if waiting:
            oldest = min(waiting)[2]
            oldest._is_done = True  # noqa: SLF001 - of the same class
            oldest.transport.close()
        else:
            self._refuse(NO_PLACE)

    def _refuse(self, refusal: Refusal) -> None:
        """Answer once and end the connection, unless a request before this one is being answered: then end after it."""
        if self._is_done:
            return
        self._is_done = True
        active = self._active
        if active is not None and not active.response_complete and not (self._in_body and active is self.cycle):
            active.keep_alive = False
            self.pipeline.clear()
            return
        is_answered = self._in_body and active is not None and active.response_started
        if active is not None and not active.response_complete:
            _disconnect(active)
        has_begun = self._in_body or self._unheard > 0 or refusal is NO_PLACE
        if has_begun and not is_answered:
            self._say_last(_rendered(refusal))
        else:
            self.transport.close()

    def _say_last(self, words: bytes) -> None:
        """Write the last words and wait a moment for the client to hang up.

        Closing while it still sends would reset the connection, and it would never read them (RFC 9112 section 9.6).
        """
        self.transport.write(words)
        self.transport.write_eof()
        self._write_by = self.loop.time() + LINGER_SECONDS


def limited(limits: ConnectionLimits) -> type[LimitedProtocol]:
    """Return the protocol with these limits; uvicorn makes one for each connection and gives it nothing of ours."""

    class Limited(LimitedProtocol):
        """A connection with the limits of this server."""

    Limited.limits = limits
    return Limited


def end_half_sent(connections: Iterable[object]) -> None:
    """Close connections on which the rest of a request has not arrived."""
    for connection in list(connections):
        if isinstance(connection, LimitedProtocol):
            connection.end_half_sent()


def check_times(connections: Iterable[Any], *, now: float) -> None:
    """End every connection whose client is late; once a second is enough."""
    for connection in list(connections):
        if isinstance(connection, LimitedProtocol):
            connection.check_time(now)


class _Refused:
    """An application that answers with a refusal and ends the connection."""

    def __init__(self, refusal: Refusal) -> None:
        self._refusal = refusal

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer."""
        fields = [(name.encode(), value.encode()) for name, value in _fields(self._refusal)]
        await send({"type": "http.response.start", "status": self._refusal.status.value, "headers": fields})
        await send({"type": "http.response.body", "body": _text(self._refusal)})


def _fields(refusal: Refusal) -> list[tuple[str, str]]:
    fields = [
        ("content-type", "text/plain; charset=utf-8"),
        ("content-length", str(len(_text(refusal)))),
        ("cache-control", "no-store"),
        ("connection", "close"),
    ]
    return [*fields, ("retry-after", str(RETRY_SECONDS))] if refusal is NO_PLACE else fields


def _text(refusal: Refusal) -> bytes:
    return f"{refusal.status.value} {refusal.reason}\n".encode()


def _rendered(refusal: Refusal) -> bytes:
    lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in _fields(refusal))
    return STATUS_LINE[refusal.status.value] + lines + b"\r\n" + _text(refusal)


def _disconnect(cycle: RequestResponseCycle) -> None:
    cycle.disconnected = True
    cycle.message_event.set()
