"""A server that only answers, to see how much the load can send: ``python -m bench.beside.bare PORT``."""

from __future__ import annotations

import asyncio
import sys
from typing import Final, cast

import uvloop
from typing_extensions import override

_HEAD_END: Final = b"\r\n\r\n"
_ANSWER: Final = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2" + _HEAD_END + b"{}"


class Answering(asyncio.Protocol):
    """Answers each packet that it gets: wrk sends one small request in each."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        self._transport.write(_ANSWER)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
