"""Event streams: told as the standard says, bounded, given back however they end, over when the service stops."""

import asyncio
from collections.abc import Callable

import pytest
from starlette.responses import StreamingResponse
from starlette.types import Message

from eztong.domain.errors import TooMany
from eztong.http.streams import Event, EventStreams

SCOPE = {"type": "http", "asgi": {"spec_version": "2.3"}}


def nothing() -> Event | None:
    return None


async def stay() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


async def leave() -> Message:
    return {"type": "http.disconnect"}


def read(answer: StreamingResponse, meanwhile: Callable[[], None] = lambda: None) -> str:
    """Read the stream to its end; ``meanwhile`` happens once it has begun."""
    told: list[bytes] = []

    async def send(message: Message) -> None:
        told.append(message.get("body", b""))
        await asyncio.sleep(0)

    async def run() -> None:
        reading = asyncio.create_task(answer(SCOPE, stay, send))
        await asyncio.sleep(0.05)
        meanwhile()
        await asyncio.wait_for(reading, 3)

    asyncio.run(run())
    return b"".join(told).decode()


def test_what_is_found_is_told_and_the_last_event_ends_the_stream() -> None:
    found = iter([None, Event("tried", "one\ntwo"), Event("used", last=True)])
    told = read(EventStreams().respond(lambda: next(found), subject="device", seconds=60))
    assert told == "retry: 3000\n\nevent: tried\ndata: one\ndata: two\n\nevent: used\ndata: \n\n"


def test_a_stream_ends_by_itself_when_its_time_is_over() -> None:
    assert read(EventStreams().respond(nothing, subject="device", seconds=0.1)).endswith("event: over\ndata: \n\n")


def test_a_stopping_service_ends_its_streams_and_opens_no_more() -> None:
    streams = EventStreams()
    told = read(streams.respond(nothing, subject="device", seconds=60), meanwhile=streams.stop)
    assert told.endswith("event: over\ndata: \n\n")
    with pytest.raises(TooMany):
        streams.respond(nothing, subject="device", seconds=60)


def test_one_too_many_is_told_to_come_back_for_a_device_and_for_all() -> None:
    streams = EventStreams(most=3, most_per_subject=2)
    streams.respond(nothing, subject="one", seconds=60)
    streams.respond(nothing, subject="one", seconds=60)
    with pytest.raises(TooMany):
        streams.respond(nothing, subject="one", seconds=60)
    streams.respond(nothing, subject="two", seconds=60)
    with pytest.raises(TooMany):
        streams.respond(nothing, subject="three", seconds=60)


def test_a_reader_who_left_before_the_first_line_gives_the_place_back() -> None:
    async def hang(_message: Message) -> None:
        await asyncio.Event().wait()

    streams = EventStreams(most_per_subject=1)
    asyncio.run(streams.respond(nothing, subject="device", seconds=60)(SCOPE, leave, hang))
    streams.respond(nothing, subject="device", seconds=60)
