"""Processor time of a verification in one process, over that of a raw SM2 signature in the same seconds.

The server's own protocol, application and store run on a loop of this process; only sockets are left out, by a
transport that hands answers back to the caller. Processor time hardly depends on what else the machine does, so a
limit on this ratio can keep what was won where a rate could not.
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
import uvloop
from typing_extensions import override
from uvicorn.server import ServerState

from bench import subject
from eztong.cli.server.listener import make_server
from eztong.gm.sm2 import PrivateKey
from eztong.http.connection import ConnectionLimits
from eztong.http.logs import configure_logs
from eztong.wiring.asgi import build_application
from eztong.wiring.build import Built, build
from eztong.wiring.settings import read_settings

HOLDERS: Final = 3_000
CODES: Final = 1_500
ROUNDS: Final = 5
LIMITS: Final[Mapping[int, float]] = {32: 1.20, 128: 1.15}
"""The most raw SM2 signatures that one verification may cost, for each number of connections. Only ever lowered."""

_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_HEAD_END: Final = b"\r\n\r\n"
_SM2_SECONDS: Final = 0.3


@dataclass(frozen=True, slots=True)
class Cost:
    """What a verification costs at so many connections: medians over the rounds."""

    connections: int
    microseconds: float
    """Of the processor."""

    signatures: float
    """Raw SM2 signatures of the same seconds that take as long."""

    @property
    def is_too_much(self) -> bool:
        """Say whether more than the limit."""
        return self.signatures > LIMITS.get(self.connections, float("inf"))


class _Transport(asyncio.Transport):
    """A connection without a socket: whole answers go to ``answered``."""

    def __init__(self, answered: Callable[[bytes], None]) -> None:
        super().__init__(extra={"peername": ("127.0.0.1", 5555), "sockname": ("127.0.0.1", 8080)})
        self._answered = answered
        self._taken = bytearray()

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._taken += data
        head, end, body = bytes(self._taken).partition(_HEAD_END)
        length = _LENGTH.search(head)
        if end and length is not None and len(body) >= int(length[1]):
            self._taken.clear()
            self._answered(body)

    @override
    def is_closing(self) -> bool:
        return False

    @override
    def close(self) -> None:
        """Nothing is open."""

    @override
    def pause_reading(self) -> None:
        """Nobody sends ahead."""

    @override
    def resume_reading(self) -> None:
        """Nobody waits."""


class _Caller:
    """One connection that sends the next call once the last is answered."""

    def __init__(self, server: uvicorn.Server, calls: Iterator[bytes], expect: bytes, answers: list[bytes]) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._calls, self._expect, self._answers = calls, expect, answers
        self._protocol = server.config.http_protocol_class(  # type: ignore[call-arg]  # any of uvicorn's
            config=server.config, server_state=server.server_state, app_state=server.lifespan.state
        )
        self._protocol.connection_made(_Transport(self._take))

    def send_next(self) -> None:
        """Send the next call, if there is one."""
        call = next(self._calls, None)
        if call is None:
            self.done.set_result(None)
        else:
            self._protocol.data_received(call)

    def _take(self, body: bytes) -> None:
        if self._expect not in body:
            self.done.set_exception(RuntimeError(f"a wrong answer: {body!r}"))
            return
        self._answers.append(body)
        asyncio.get_running_loop().call_soon(self.send_next)


def measure_in_process(connections: Sequence[int] = tuple(LIMITS)) -> list[Cost]:
    """Measure in a new installation."""
    with tempfile.TemporaryDirectory(prefix="eztong-bench-", dir=".") as folder:
        data_dir = Path(folder) / "data"
        subject.fill(data_dir, HOLDERS)
        key = subject.api_key(data_dir)
        with (Path(folder) / "log").open("w") as log:
            configure_logs("info", stream=log)
            built = build(read_settings(data_dir=data_dir))
            return uvloop.run(_measure(built, key, connections))


async def _measure(built: Built, key: str, connections: Sequence[int]) -> list[Cost]:
    app = build_application(built)
    server = make_server(app, limits=ConnectionLimits(), direct=app.direct, on_stop=built.streams.stop)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    server.server_state = ServerState()
    await server.lifespan.startup()
    holders = subject.holder_ids(built.settings.data_dir, limit=HOLDERS)
    try:
        return [await _cost(server, key, holders, many) for many in connections]
    finally:
        await server.lifespan.shutdown()
        # The application told the collector to leave what was there at its start alone.
        gc.unfreeze()


async def _cost(server: uvicorn.Server, key: str, holders: Sequence[str], connections: int) -> Cost:
    microseconds, signatures = [], []
    for number in range(ROUNDS):
        chosen = [holders[(number * CODES + index) % len(holders)] for index in range(CODES)]
        asked = [_call(f"/v1/test_helpers/holders/{holder}/codes", b"{}") for holder in chosen]
        shown = await _drive(server, asked, connections=32, expect=b'"qr":"01')
        calls = [_verification(json.loads(body)["qr"], key) for body in shown]
        sm2_before, before = _sm2_seconds(), time.process_time()
        await _drive(server, calls, connections=connections, expect=b'"outcome":"passed"')
        spent = (time.process_time() - before) / CODES
        microseconds.append(spent * 1e6)
        signatures.append(spent / statistics.mean((sm2_before, _sm2_seconds())))
    return Cost(connections, statistics.median(microseconds), statistics.median(signatures))


async def _drive(server: uvicorn.Server, calls: Sequence[bytes], *, connections: int, expect: bytes) -> list[bytes]:
    source, answers = iter(calls), list[bytes]()
    callers = [_Caller(server, source, expect, answers) for _ in range(connections)]
    for caller in callers:
        caller.send_next()
    await asyncio.gather(*(caller.done for caller in callers))
    return answers


def _verification(code: str, key: str) -> bytes:
    body = json.dumps({"code": code, "scene": subject.SCENE, "desk": "front-1"}).encode()
    return _call("/v1/verifications", body, authorization=f"Bearer {key}", idempotency_key=code[15:44])


def _call(path: str, body: bytes, **more: str) -> bytes:
    fields = {"host": "127.0.0.1:8080", "content-type": "application/json", "content-length": str(len(body))}
    fields |= {name.replace("_", "-"): value for name, value in more.items()}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode() + _HEAD_END + body


def _sm2_seconds() -> float:
    key, message, count, started = PrivateKey.generate(), b"x" * 64, 0, time.process_time()
    while time.process_time() - started < _SM2_SECONDS:
        key.sign(message)
        count += 1
    return (time.process_time() - started) / count
