"""A connection in this process: the server's own protocol over a transport that is no socket, cut where one likes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

import uvicorn
from typing_extensions import override
from uvicorn.server import ServerState

from eztong.http.connection import LimitedProtocol
from eztong.http.direct.connection import DirectProtocol

CLIENT = ("192.0.2.7", 1)
_MADE_ID = re.compile(rb"[0-9a-f]{24}")
_LENGTH = re.compile(rb"(?i)content-length: (\d+)")
_CONTINUE = b"HTTP/1.1 100 Continue"
_TURNS = 30
_PATIENCE = 20.0


class Memory(asyncio.Transport):
    """Keeps what is written; closing it ends the connection as a socket would, a moment later."""

    def __init__(self, client: tuple[str, int]) -> None:
        super().__init__(extra={"peername": client, "sockname": ("127.0.0.1", 80)})
        self.written = bytearray()
        self.reads = True
        self.protocol: asyncio.Protocol | None = None
        self._is_closing = False

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self._is_closing, "written after the end"
        self.written += data

    @override
    def write_eof(self) -> None:
        """Nothing is sent any more."""

    @override
    def is_closing(self) -> bool:
        return self._is_closing

    @override
    def close(self) -> None:
        if not self._is_closing and self.protocol is not None:
            self._is_closing = True
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    @override
    def abort(self) -> None:
        self.close()

    @override
    def pause_reading(self) -> None:
        assert self.reads, "paused twice"
        self.reads = False

    @override
    def resume_reading(self) -> None:
        assert not self.reads, "resumed twice"
        self.reads = True


@dataclass(frozen=True)
class Told:
    """One answer as a client reads it, without what differs each time."""

    status: bytes
    fields: dict[bytes, bytes]
    body: bytes


@dataclass
class Line:
    """One open connection to a server that does not listen."""

    protocol: LimitedProtocol
    transport: Memory
    closed: bool = False
    """Whether the server had ended it when :meth:`note_end` was called."""

    @classmethod
    def open(cls, server: uvicorn.Server, *, client: tuple[str, int] = CLIENT) -> Line:
        """Connect."""
        if not server.config.loaded:
            server.config.load()
        state = getattr(server, "server_state", None) or ServerState()
        server.server_state = state
        protocol = server.config.http_protocol_class(  # type: ignore[call-arg]  # any of uvicorn's
            config=server.config, server_state=state, app_state={}
        )
        assert isinstance(protocol, LimitedProtocol)
        transport = Memory(client)
        transport.protocol = protocol
        protocol.connection_made(transport)
        return cls(protocol, transport)

    async def send(self, pieces: Sequence[bytes], *, rests: Container[int] = ()) -> None:
        """Send each piece as one that arrives by itself, the ones in ``rests`` after the server has come to rest."""
        for number, piece in enumerate(pieces):
            if number in rests:
                await self.rest()
            if not self.transport.reads:
                await self.rest()
            if self.transport.is_closing() or not self.transport.reads:
                return
            self.protocol.data_received(piece)

    async def rest(self) -> None:
        """Return when nothing more happens unless something more is sent."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while self._is_at_work():
            assert asyncio.get_running_loop().time() < deadline, "it did not come to rest"
            await asyncio.sleep(0)
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    def note_end(self) -> None:
        """Remember whether the server has ended the connection."""
        self.closed = self.transport.is_closing()

    async def hang_up(self) -> None:
        """Close the connection from the client's side."""
        self.transport.close()
        await self.rest()

    @property
    def answers(self) -> list[Told]:
        """Everything that was answered."""
        return list(answers_in(bytes(self.transport.written)))

    def _is_at_work(self) -> bool:
        active = self.protocol._active  # noqa: SLF001 - whether the server rests shows nowhere else
        is_due = isinstance(self.protocol, DirectProtocol) and self.protocol._is_due  # noqa: SLF001 - the same
        asks_for_more = active is not None and active.more_body and not active.disconnected
        return is_due or (active is not None and not active.response_complete and not asks_for_more)


def answers_in(stream: bytes) -> Iterator[Told]:
    """Read a stream of answers, each of which tells its length."""
    while stream:
        head, end, stream = stream.partition(b"\r\n\r\n")
        status, *lines = head.split(b"\r\n")
        if status == _CONTINUE:
            yield Told(status, {}, b"")
            continue
        pairs = [line.partition(b": ")[::2] for line in lines]
        fields = {name: _MADE_ID.sub(b"ID", value) for name, value in pairs if name != b"date"}
        length = _LENGTH.search(head)
        assert end
        assert length is not None, head
        assert len({name for name, _value in pairs}) == len(pairs), "a field twice"
        body, stream = stream[: int(length[1])], stream[int(length[1]) :]
        assert len(body) == int(length[1])
        fields.pop(b"content-length")
        yield Told(status, fields, _MADE_ID.sub(b"ID", body))
