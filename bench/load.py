"""A closed-loop HTTP load: each connection sends its next request once the last is answered, and checks it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import cast

import uvloop
from typing_extensions import override

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_HEAD_END = b"\r\n\r\n"
_WARM_UP = b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1" + _HEAD_END


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A prepared request and what its answer must hold."""

    wire: bytes
    expect: bytes


@dataclass(slots=True)
class Result:
    """What a run measured. Latencies are in seconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    wrong: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Right answers per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return the latency in milliseconds below which ``share`` of the answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


def prepare(port: int, path: str, body: bytes, *, expect: bytes, key: str = "", idempotency: str = "") -> Call:
    """Return a POST call."""
    lines = [
        f"POST {path} HTTP/1.1",
        f"host: 127.0.0.1:{port}",
        "content-type: application/json",
        f"content-length: {len(body)}",
    ]
    if key:
        lines.append(f"authorization: Bearer {key}")
    if idempotency:
        lines.append(f"idempotency-key: {idempotency}")
    return Call(wire="\r\n".join(lines).encode() + _HEAD_END + body, expect=expect)


def run(port: int, calls: Sequence[Call], *, connections: int, keep: bool = False) -> Result:
    """Send every call once over ``connections`` connections; ``keep`` keeps the bodies in no order."""
    return uvloop.run(_run(port, calls, connections=connections, keep=keep))


async def _run(port: int, calls: Sequence[Call], *, connections: int, keep: bool) -> Result:
    loop = asyncio.get_running_loop()
    result, source = Result(), iter(calls)
    opened = [_Connection(source, result, loop, keep=keep) for _ in range(connections)]
    for connection in opened:
        await loop.create_connection(lambda c=connection: c, "127.0.0.1", port)  # type: ignore[misc]  # mypy cannot infer the default
    # Opening a connection is not what is measured: each answers one small call first.
    await asyncio.gather(*(connection.ready for connection in opened))
    started = perf_counter()
    for connection in opened:
        connection.start()
    await asyncio.gather(*(connection.done for connection in opened))
    result.seconds = perf_counter() - started
    return result


class _Connection(asyncio.Protocol):
    def __init__(self, source: Iterator[Call], result: Result, loop: asyncio.AbstractEventLoop, *, keep: bool) -> None:
        self._source, self._result, self._keep = source, result, keep
        self.ready: asyncio.Future[None] = loop.create_future()
        self.done: asyncio.Future[None] = loop.create_future()
        self._buffer = b""
        self._sent = 0.0
        self._call: Call | None = None
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(_WARM_UP)

    def start(self) -> None:
        """Send the first call."""
        self._next()

    @override
    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(_HEAD_END)
        length = _LENGTH.search(head) if found else None
        if length is None or len(body) < int(length[1]):
            return
        self._buffer = b""
        if not self.ready.done():
            self.ready.set_result(None)
            return
        self._judge(head, body)
        self._next()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the server closed a connection"))

    def _judge(self, head: bytes, body: bytes) -> None:
        call = self._call
        if call is not None and head[9:10] == b"2" and call.expect in body:
            self._result.latencies.append(perf_counter() - self._sent)
        else:
            self._result.wrong.append(head[:40] + body[:300])
        if self._keep:
            self._result.bodies.append(body)

    def _next(self) -> None:
        self._call = next(self._source, None)
        if self._transport is None:
            return
        if self._call is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._sent = perf_counter()
        self._transport.write(self._call.wire)
