"""Requests that no honest client sends are answered before any door sees them."""

from collections.abc import Awaitable, Callable

import anyio
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message, Scope

from eztong.domain.errors import BodyTooLarge
from eztong.http.sanity import SanityMiddleware

Endpoint = Callable[[Request], Awaitable[PlainTextResponse]]
LIMIT = 100


async def count(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def swallow(request: Request) -> PlainTextResponse:
    try:
        await request.body()
    except BodyTooLarge:
        return PlainTextResponse("I hide it", 400)
    return PlainTextResponse("small")


async def word_it(request: Request) -> PlainTextResponse:
    try:
        await request.body()
    except BodyTooLarge:
        return PlainTextResponse("in words", 413)
    return PlainTextResponse("small")


async def early(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("not read")


def ask(
    *chunks: bytes, endpoint: Endpoint = count, headers: tuple[tuple[bytes, bytes], ...] = (), raw_path: bytes = b"/"
) -> tuple[int, str]:
    """Send one request, chunk by chunk, as a server would; return status and text."""
    app = SanityMiddleware(Starlette(routes=[Route("/{rest:path}", endpoint, methods=["POST"])]), max_body=LIMIT)
    waiting: list[Message] = [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
        for number, chunk in enumerate(chunks, start=1)
    ] or [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "raw_path": raw_path,
        "query_string": b"",
        "headers": list(headers),
    }
    anyio.run(app, scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], body.decode()


def test_an_honest_request_passes() -> None:
    assert ask(b"x" * 60, b"y" * 40) == (200, "100")
    assert ask(b"x", headers=((b"content-length", b"1"),)) == (200, "1")
    assert ask(raw_path="/协议/%E5%8D%8F".encode())[0] == 200


@pytest.mark.parametrize("raw_path", [b"/%ff", b"/%c3%28", b"/%00", b"/a%0d%0aSet-Cookie", b"/%7f", b"/%1b[2J"])
def test_a_path_nobody_can_read_is_refused(raw_path: bytes) -> None:
    assert ask(raw_path=raw_path)[0] == 400


@pytest.mark.parametrize(
    "headers",
    [
        ((b"content-length", b"1"), (b"content-length", b"1")),
        ((b"content-length", b"1"), (b"content-length", b"2")),
        ((b"content-length", b"1"), (b"transfer-encoding", b"chunked")),
        ((b"content-length", b"-1"),),
        ((b"content-length", b"1_0"),),
        ((b"content-length", b"one"),),
        ((b"content-length", "１".encode()),),
    ],
)
def test_a_length_said_twice_or_not_in_numbers_is_refused(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    assert ask(b"x", headers=headers)[0] == 400


@pytest.mark.parametrize("length", [b"101", b"9" * 5000])
def test_a_length_beyond_the_limit_is_refused_unread(length: bytes) -> None:
    assert ask(b"x", endpoint=early, headers=((b"content-length", length),))[0] == 413


@pytest.mark.parametrize("endpoint", [count, swallow])
def test_too_much_is_found_while_it_streams_whatever_the_door_makes_of_it(endpoint: Endpoint) -> None:
    status, text = ask(b"x" * 60, b"y" * 60, endpoint=endpoint)
    assert status == 413
    assert "hide" not in text


def test_a_door_may_word_the_refusal_itself() -> None:
    assert ask(b"x" * 101, endpoint=word_it) == (413, "in words")
