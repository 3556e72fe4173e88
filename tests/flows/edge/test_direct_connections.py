"""The direct way over real sockets: slow readers, late bodies, idle and full connections, and a stop in the middle.

The same is asked of a route that is answered directly and of one that is not; both must treat a connection alike.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from eztong.adapters.entropy import SystemEntropy
from eztong.cli.server.listener import listen, make_server, port_of
from eztong.http.connection import ConnectionLimits
from eztong.http.direct.route import DirectRoute, Outcome
from eztong.http.direct.whole_request import WholeRequest
from eztong.http.exchange import Exchanges
from eztong.http.metrics import Metrics
from tests.simulators.sockets import Wire, statuses, wire

DIRECT, ORDINARY = "/direct", "/ordinary"
WAYS = pytest.mark.parametrize("path", [DIRECT, ORDINARY])
SHORT = ConnectionLimits(connections=8, head_seconds=1.0, body_seconds=1.0, idle_seconds=30, write_seconds=1.0)
LARGE = b"x" * 1_000_000
GENEROUS = 20.0


def call(path: str, body: bytes = b"small", *more: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", *more, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass
class Desk:
    """Answers ``small`` and ``large`` at once, and ``later`` once it is let go on."""

    answered: list[str] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    gone: threading.Event = field(default_factory=threading.Event)
    loop: asyncio.AbstractEventLoop | None = None

    def let_go_on(self) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.go_on.set)

    def directly(self, request: WholeRequest, _client: str, tell: Callable[[Outcome], None]) -> None:
        if request.body == b"later":
            task = asyncio.get_running_loop().create_task(self.work_out(request.body))
            task.add_done_callback(lambda done: tell(done.result()))
            return
        self.answered.append("directly")
        tell(LARGE if request.body == b"large" else request.body)

    async def ordinarily(self, request: Request) -> Response:
        try:
            body = await request.body()
        except ClientDisconnect:
            self.gone.set()
            return Response(status_code=499)
        if body == b"later":
            return Response(await self.work_out(body))
        self.answered.append("ordinarily")
        return Response(LARGE if body == b"large" else body)

    async def work_out(self, body: bytes) -> bytes:
        self.loop = asyncio.get_running_loop()
        self.begun.set()
        await self.go_on.wait()
        return body


@dataclass
class Served:
    """A server in a thread."""

    url: str
    desk: Desk
    server: uvicorn.Server
    thread: threading.Thread


@contextmanager
def served(limits: ConnectionLimits) -> Iterator[Served]:
    desk = Desk()
    routes = [Route(path, desk.ordinarily, methods=["POST"]) for path in (DIRECT, ORDINARY)]
    app = Starlette(routes=[*routes, Route("/", lambda _request: Response(b"hello"))])
    exchanges = Exchanges(metrics=Metrics(), entropy=SystemEntropy())
    route = DirectRoute(
        DIRECT, desk.directly, exchanges=exchanges, is_ours=lambda _host: True, https=False, own_frames=False
    )
    with listen("127.0.0.1", 0) as sock:
        server = make_server(app, limits=limits, direct=route, on_stop=lambda: None)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        try:
            yield Served(f"http://127.0.0.1:{port_of(sock)}", desk, server, thread)
        finally:
            server.should_exit = True
            if desk.loop is not None and not desk.loop.is_closed():
                desk.let_go_on()
            thread.join(GENEROUS)


@pytest.fixture(scope="module")
def short() -> Iterator[Served]:
    with served(SHORT) as started:
        yield started


def test_each_path_goes_its_way(short: Served) -> None:
    for path, way in ((DIRECT, "directly"), (ORDINARY, "ordinarily")):
        short.desk.answered.clear()
        with wire(short.url) as client:
            client.send(call(path))
            assert statuses(client.read_answer()) == [200]
        assert short.desk.answered == [way]


def test_both_say_the_same_line_for_line(short: Served) -> None:
    with wire(short.url) as client:
        client.send(call(DIRECT))
        answer = client.read_answer()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\ndate: ")
    assert b"\r\ncontent-length: 5\r\n" in head
    assert body == b"small"


@WAYS
def test_a_body_that_comes_later_is_waited_for(short: Served, path: str) -> None:
    request = call(path, b"in three pieces")
    with wire(short.url) as client:
        for piece in (request[:-15], request[-15:-5], request[-5:]):
            client.send(piece)
            time.sleep(0.1)
        assert client.read_answer().endswith(b"in three pieces")


@WAYS
def test_a_body_that_never_comes_ends_in_time(short: Served, path: str) -> None:
    short.desk.gone.clear()
    began = time.monotonic()
    with wire(short.url) as client:
        client.send(call(path)[:-1])
        assert statuses(client.read_until_closed()) == [408]
    assert time.monotonic() - began >= SHORT.body_seconds
    assert short.desk.gone.wait(GENEROUS), "the application hears of it"


@WAYS
def test_a_call_after_an_answer_has_its_time_too(short: Served, path: str) -> None:
    with wire(short.url) as client:
        client.send(call(path))
        assert statuses(client.read_answer()) == [200]
        client.send(call(path)[:-1])
        assert statuses(client.read_until_closed()) == [408]


@WAYS
def test_an_idle_connection_stays_for_a_while(short: Served, path: str) -> None:
    with wire(short.url) as client:
        client.send(call(path))
        assert statuses(client.read_answer()) == [200]
        time.sleep(2.5)
        client.send(call(path))
        assert statuses(client.read_answer()) == [200]


@WAYS
def test_and_then_ends_in_silence(path: str) -> None:
    with served(ConnectionLimits(idle_seconds=1)) as server, wire(server.url) as client:
        client.send(call(path))
        assert statuses(client.read_answer()) == [200]
        began = time.monotonic()
        assert client.read_until_closed() == b""
        assert time.monotonic() - began >= 0.9


def test_a_direct_answer_takes_the_time_of_an_ordinary_one_over() -> None:
    with served(ConnectionLimits(idle_seconds=2)) as server, wire(server.url) as client:
        for path in (ORDINARY, DIRECT, ORDINARY, DIRECT):
            client.send(call(path))
            assert statuses(client.read_answer()) == [200]
            time.sleep(1.2)


@WAYS
def test_who_reads_nothing_is_let_go_and_costs_no_memory(short: Served, path: str) -> None:
    short.desk.answered.clear()
    with wire(short.url) as client:
        client.sock.settimeout(GENEROUS)
        stops = time.monotonic() + 4
        client.sock.settimeout(0)
        while time.monotonic() < stops:
            try:
                client.sock.send(call(path, b"large"))
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                break
        client.sock.settimeout(GENEROUS)
        taken = len(client.read_until_closed())
    # A few answers fill what the kernel holds; after that no call is worked on.
    assert len(short.desk.answered) < 30
    assert taken < 30 * len(LARGE)


@WAYS
def test_who_reads_slowly_gets_everything(path: str) -> None:
    with served(ConnectionLimits()) as server, wire(server.url) as client:
        taken = bytearray()
        sender = threading.Thread(target=client.send, args=(call(path, b"large") * 12,))
        sender.start()
        while taken.count(b"x") < 12 * len(LARGE):
            taken += client.read_some()
            time.sleep(0.001)
        sender.join(GENEROUS)
    assert statuses(bytes(taken)) == [200] * 12


@WAYS
def test_what_is_sent_ahead_is_answered_in_order(short: Served, path: str) -> None:
    bodies = [f"call {number}".encode() for number in range(30)]
    other = ORDINARY if path == DIRECT else DIRECT
    with wire(short.url) as client:
        for number, body in enumerate(bodies):
            client.send(call(path if number % 3 else other, body))
        client.send(call(path, b"last", "Connection: close"))
        stream = client.read_until_closed()
    assert statuses(stream) == [200] * 31
    places = [stream.index(b"\r\n\r\n" + body) for body in bodies]
    assert places == sorted(places)


def busy(server: Served, stack: ExitStack, path: str) -> Wire:
    client = stack.enter_context(wire(server.url))
    server.desk.begun.clear()
    client.send(call(path, b"later"))
    assert server.desk.begun.wait(GENEROUS)
    return client


@WAYS
def test_a_connection_at_work_gives_its_place_to_nobody(path: str) -> None:
    with served(ConnectionLimits(connections=2)) as server, ExitStack() as stack:
        workers = [busy(server, stack, path) for _ in range(2)]
        newcomer = stack.enter_context(wire(server.url))
        newcomer.send(GET)
        assert statuses(newcomer.read_answer()) == [503]
        server.desk.let_go_on()
        assert [statuses(worker.read_answer()) for worker in workers] == [[200], [200]]


@WAYS
def test_a_connection_without_work_does(path: str) -> None:
    with served(ConnectionLimits(connections=2)) as server, ExitStack() as stack:
        clients = [stack.enter_context(wire(server.url)) for _ in range(2)]
        for client in clients:
            client.send(call(path))
            assert statuses(client.read_answer()) == [200]
            time.sleep(0.02)
        newcomer = stack.enter_context(wire(server.url))
        newcomer.send(GET)
        assert statuses(newcomer.read_answer()) == [200]
        assert clients[0].read_until_closed() == b""


@WAYS
def test_half_a_body_keeps_nobody_out(path: str) -> None:
    with served(ConnectionLimits(connections=1)) as server, ExitStack() as stack:
        slow = stack.enter_context(wire(server.url))
        slow.send(call(path)[:-1])
        time.sleep(0.3)
        newcomer = stack.enter_context(wire(server.url))
        newcomer.send(GET)
        assert statuses(newcomer.read_answer()) == [200]
        assert slow.read_until_closed() == b""
        assert server.desk.gone.wait(GENEROUS)


@WAYS
def test_a_stop_lets_an_answer_finish_and_says_that_it_was_the_last(path: str) -> None:
    with served(ConnectionLimits()) as server, ExitStack() as stack:
        worker = busy(server, stack, path)
        idle = stack.enter_context(wire(server.url))
        idle.send(call(path))
        assert statuses(idle.read_answer()) == [200]
        server.server.should_exit = True
        assert idle.read_until_closed() == b"", "whoever waits for nothing is let go at once"
        assert server.thread.is_alive()
        server.desk.let_go_on()
        answer = worker.read_until_closed()
        assert statuses(answer) == [200]
        assert b"\r\nconnection: close\r\n" in answer
        server.thread.join(GENEROUS)
        assert not server.thread.is_alive()


@WAYS
def test_a_stop_finishes_what_was_sent_ahead(path: str) -> None:
    with served(ConnectionLimits()) as server, ExitStack() as stack:
        worker = busy(server, stack, path)
        worker.send(call(path))
        time.sleep(0.3)
        server.server.should_exit = True
        time.sleep(0.3)
        server.desk.let_go_on()
        assert statuses(worker.read_until_closed()) == [200, 200]


@WAYS
def test_a_client_that_leaves_its_answer_behind_disturbs_nobody(path: str) -> None:
    with served(ConnectionLimits()) as server, ExitStack() as stack:
        worker = busy(server, stack, path)
        worker.sock.close()
        time.sleep(0.2)
        server.desk.let_go_on()
        other = stack.enter_context(wire(server.url))
        other.send(call(path))
        assert statuses(other.read_answer()) == [200]
