"""Server-sent events: a page that waits for something hears of it within a third of a second.

The rules of this room:

* A stream looks into the store again and again; a look is one or two reads by key, so it runs on the event loop.
* Streams are bounded, for each subject and in all; one too many is told to come back later.
* Every stream ends by itself, and at once when the service stops.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from eztong.domain.errors import EztongError, TooMany

MEDIA_TYPE: Final = "text/event-stream"
PAUSE_SECONDS: Final = 0.3
HEARTBEAT_SECONDS: Final = 15.0
MOST: Final = 500
MOST_PER_SUBJECT: Final = 4
_RETRY: Final = b"retry: 3000\n\n"
_HEARTBEAT: Final = b": still here\n\n"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. After the ``last`` one the stream ends."""

    name: str
    data: str = ""
    last: bool = False

    def render(self) -> bytes:
        """Return the event as it goes over the wire (HTML standard, section 9.2)."""
        lines = "".join(f"data: {line}\n" for line in self.data.splitlines() or [""])
        return f"event: {self.name}\n{lines}\n".encode()


Look = Callable[[], Event | None]


class EventStreams:
    """The open streams of this process."""

    def __init__(self, *, most: int = MOST, most_per_subject: int = MOST_PER_SUBJECT) -> None:
        self._most = most
        self._most_per_subject = most_per_subject
        self._open: Counter[str] = Counter()
        self._stopping = False

    def stop(self) -> None:
        """End every stream at its next look; open no more."""
        self._stopping = True

    def respond(self, look: Look, *, subject: str, seconds: float) -> StreamingResponse:
        """Return the answer that streams what ``look`` finds, for at most ``seconds``.

        Raises:
            TooMany: the subject, or the service, has as many streams as it may.
        """
        if self._stopping or self._open.total() >= self._most or self._open[subject] >= self._most_per_subject:
            raise TooMany(retry_after=3)
        self._open[subject] += 1
        return _CountedStream(self._run(look, seconds), when_done=lambda: self._release(subject))

    def _release(self, subject: str) -> None:
        self._open[subject] -= 1
        if not self._open[subject]:
            del self._open[subject]

    async def _run(self, look: Look, seconds: float) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        ends, beat = loop.time() + seconds, loop.time() + HEARTBEAT_SECONDS
        yield _RETRY
        while not self._stopping and loop.time() < ends:
            event = _seen(look)
            if event is not None:
                yield event.render()
                if event.last:
                    return
            if loop.time() >= beat:
                beat = loop.time() + HEARTBEAT_SECONDS
                yield _HEARTBEAT
            await asyncio.sleep(PAUSE_SECONDS)
        yield Event("over").render()


class _CountedStream(StreamingResponse):
    """A stream that gives its place back however it ends, also if its reader left before the first line."""

    def __init__(self, content: AsyncIterator[bytes], *, when_done: Callable[[], None]) -> None:
        super().__init__(content, media_type=MEDIA_TYPE)
        self._when_done = when_done

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._when_done()


def _seen(look: Look) -> Event | None:
    try:
        return look()
    except EztongError as error:
        _log.warning("stream_look_failed", problem=error.code)
        return Event("over", last=True)
