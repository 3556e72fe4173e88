"""Whoever is slow is let go, whoever is in nobody's way stays: limits of time and places, with short times."""

from __future__ import annotations

import asyncio
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from eztong.cli.server.listener import OWN_FILES, listen, make_server, port_of, within_open_files
from eztong.http.connection import ConnectionLimits
from tests.simulators.sockets import statuses, wire

SHORT = ConnectionLimits(connections=8, head_seconds=1.0, body_seconds=1.0, idle_seconds=30, write_seconds=1.0)
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
HALF_BODY = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc"
GENEROUS = 20.0


class Heard:
    """What the application saw of its clients."""

    def __init__(self) -> None:
        self.gone = threading.Event()


async def hello(_request: Request) -> Response:
    return PlainTextResponse("hello\n")


async def later(_request: Request) -> Response:
    await asyncio.sleep(2.5)
    return PlainTextResponse("hello\n")


async def flood(_request: Request) -> Response:
    return PlainTextResponse("x" * 30_000_000)


@contextmanager
def served(limits: ConnectionLimits) -> Iterator[tuple[str, Heard]]:
    heard = Heard()

    async def echo(request: Request) -> Response:
        try:
            return Response(await request.body())
        except ClientDisconnect:
            heard.gone.set()
            return Response(status_code=499)

    routes = [
        Route("/", hello),
        Route("/", echo, methods=["POST"]),
        Route("/later", later),
        Route("/flood", flood),
    ]
    with listen("127.0.0.1", 0) as sock:
        server = make_server(Starlette(routes=routes), limits=limits, on_stop=lambda: None)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        url = f"http://127.0.0.1:{port_of(sock)}"
        thread.start()
        try:
            yield url, heard
        finally:
            server.should_exit = True
            thread.join(GENEROUS)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Heard]]:
    with served(SHORT) as started:
        yield started


def test_a_connection_without_a_request_ends_in_silence(server: tuple[str, Heard]) -> None:
    with wire(server[0]) as client:
        assert client.read_until_closed() == b""


def test_half_a_head_is_answered_and_ends(server: tuple[str, Heard]) -> None:
    with wire(server[0]) as client:
        client.send(b"GET / HTTP/1.1\r\nHost: loc")
        assert statuses(client.read_until_closed()) == [408]


def test_a_head_that_drips_ends_although_something_comes(server: tuple[str, Heard]) -> None:
    with wire(server[0]) as client:
        client.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        ends = time.monotonic() + GENEROUS
        answer = b""
        while not answer and time.monotonic() < ends:
            client.send(b"a")
            answer = client.read_some(seconds=0.1)
        assert statuses(answer) == [408]


def test_half_a_body_ends_and_the_application_hears_of_it(server: tuple[str, Heard]) -> None:
    with wire(server[0]) as client:
        client.send(HALF_BODY)
        assert statuses(client.read_until_closed()) == [408]
    assert server[1].gone.wait(GENEROUS)


def test_a_later_request_has_its_time_too(server: tuple[str, Heard]) -> None:
    with wire(server[0]) as client:
        client.send(GET)
        assert statuses(client.read_answer()) == [200]
        client.send(b"GET / HT")
        assert statuses(client.read_until_closed()) == [408]


def test_waiting_for_an_answer_and_being_idle_after_one_are_no_fault(server: tuple[str, Heard]) -> None:
    with wire(server[0]) as client:
        client.send(GET.replace(b"/ ", b"/later "))
        assert statuses(client.read_answer()) == [200]
        time.sleep(2.5)
        client.send(GET)
        assert statuses(client.read_answer()) == [200]


def test_whoever_does_not_take_an_answer_is_let_go(server: tuple[str, Heard]) -> None:
    with wire(server[0]) as client:
        client.send(GET.replace(b"/ ", b"/flood "))
        time.sleep(4)
        # What the kernel holds is still there; far less than the whole answer comes.
        assert len(client.read_until_closed()) < 30_000_000


def test_when_all_places_are_taken_the_one_that_is_idle_longest_makes_room() -> None:
    with served(ConnectionLimits(connections=3, idle_seconds=30)) as (url, _), ExitStack() as stack:
        clients = [stack.enter_context(wire(url)) for _ in range(3)]
        for client in clients:
            client.send(GET)
            assert statuses(client.read_answer()) == [200]
            time.sleep(0.02)  # the server's loop tells the time in whole milliseconds
        newcomer = stack.enter_context(wire(url))
        newcomer.send(GET)
        assert statuses(newcomer.read_answer()) == [200]
        assert clients[0].read_until_closed() == b""
        clients[2].send(GET)
        assert statuses(clients[2].read_answer()) == [200]


def test_half_bodies_keep_nobody_out() -> None:
    with served(ConnectionLimits(connections=3)) as (url, _), ExitStack() as stack:
        slow = [stack.enter_context(wire(url)) for _ in range(3)]
        for client in slow:
            client.send(HALF_BODY)
            time.sleep(0.2)
        newcomer = stack.enter_context(wire(url))
        newcomer.send(GET)
        assert statuses(newcomer.read_answer()) == [200]
        assert slow[0].read_until_closed() == b""
        slow[2].send(b"defghij")
        assert statuses(slow[2].read_answer()) == [200], "only who owed longest had to go"


def test_when_all_are_at_work_a_newcomer_is_told_to_come_back() -> None:
    with served(ConnectionLimits(connections=2)) as (url, _), ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(wire(url)).send(GET.replace(b"/ ", b"/later "))
        time.sleep(0.2)
        newcomer = stack.enter_context(wire(url))
        answer = newcomer.read_answer()
        assert statuses(answer) == [503]
        assert b"retry-after: 5" in answer


def test_there_are_never_more_connections_than_open_files() -> None:
    allowed, _most = resource.getrlimit(resource.RLIMIT_NOFILE)
    room = 10**9 if allowed == resource.RLIM_INFINITY else allowed - OWN_FILES
    assert within_open_files(ConnectionLimits(connections=10**9)).connections == room
    assert within_open_files(ConnectionLimits(connections=1)).connections == 1
