"""Requests that could be read in two ways: one answer, and the connection ends. Spoken in bytes to the real program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulators.service import Service, running
from tests.simulators.sockets import statuses, wire

SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
HOST = b"Host: localhost\r\n"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("framing") / "var") as started:
        yield started


def head(
    *lines: bytes, method: bytes = b"POST", target: bytes = b"/v1/verifications", version: bytes = b"1.1"
) -> bytes:
    return method + b" " + target + b" HTTP/" + version + b"\r\n" + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


LENGTH = b"Content-Length: " + str(len(SMUGGLED)).encode()
ODD = {
    "upgrade, the body after it": head(b"Host: localhost", b"Upgrade: foo", b"Connection: Upgrade", LENGTH),
    "upgrade without a connection field": head(b"Host: localhost", b"Upgrade: h2c", LENGTH),
    "upgrade to a page": head(
        b"Host: localhost", b"Upgrade: websocket", b"Connection: Upgrade", method=b"GET", target=b"/"
    ),
    "upgrade to the other door": head(
        b"Host: localhost", b"Upgrade: x", b"Connection: upgrade", LENGTH, target=b"/tencentcloud/"
    ),
    "connect": head(b"Host: localhost", method=b"CONNECT", target=b"localhost:80"),
    "two hosts": head(b"Host: localhost", b"Host: evil.example", LENGTH),
    "no host": head(LENGTH),
    "two lengths": head(b"Host: localhost", b"Content-Length: 0", LENGTH),
    "the same length twice": head(b"Host: localhost", LENGTH, LENGTH),
    "length and chunked": head(b"Host: localhost", LENGTH, b"Transfer-Encoding: chunked"),
    "chunked and length": head(b"Host: localhost", b"Transfer-Encoding: chunked", LENGTH),
    "chunked twice": head(b"Host: localhost", b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
    "another coding": head(b"Host: localhost", b"Transfer-Encoding: gzip, chunked"),
    "chunked in 1.0": head(b"Host: localhost", b"Transfer-Encoding: chunked", version=b"1.0"),
    "length with a sign": head(b"Host: localhost", b"Content-Length: +35"),
    "length that is none": head(b"Host: localhost", b"Content-Length: 0x23"),
    "a blank before the colon": head(b"Host: localhost", b"Content-Length : 35"),
    "a folded field": head(b"Host: localhost", b"X-A: b\r\n c", LENGTH),
    "an absolute target": head(b"Host: localhost", LENGTH, target=b"http://evil.example/v1/verifications"),
    "version 2": head(b"Host: localhost", version=b"2.0"),
    "no http at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.mark.parametrize("request_head", ODD.values(), ids=ODD)
def test_odd_framing_is_answered_once_and_the_connection_ends(service: Service, request_head: bytes) -> None:
    with wire(service.url) as client:
        client.send(request_head)
        first = client.read_answer()
        client.send(SMUGGLED)
        answers = first + client.read_until_closed()
    assert statuses(answers) == [400]
    assert b"connection: close" in answers.lower()


@pytest.mark.parametrize("request_head", ODD.values(), ids=ODD)
def test_and_so_it_is_when_it_comes_in_one_piece(service: Service, request_head: bytes) -> None:
    with wire(service.url) as client:
        client.send(request_head + SMUGGLED + SMUGGLED)
        assert statuses(client.read_until_closed()) == [400]


def test_answers_that_are_due_go_out_before_the_refusal(service: Service) -> None:
    with wire(service.url) as client:
        client.send(SMUGGLED + head(b"Host: localhost", b"Upgrade: foo", b"Connection: Upgrade", LENGTH) + SMUGGLED)
        assert statuses(client.read_until_closed()) == [200, 400]


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (head(HOST.strip(), b"X-Long: " + b"a" * 70_000, method=b"GET", target=b"/healthz"), 431),
        (head(HOST.strip(), method=b"GET", target=b"/healthz?" + b"a" * 70_000), 431),
        (head(HOST.strip(), *[b"X-%d: a" % n for n in range(100)], method=b"GET", target=b"/healthz"), 431),
        (head(HOST.strip(), *[b"X-%d: a" % n for n in range(90)], method=b"GET", target=b"/healthz"), 200),
        (head(HOST.strip(), b"X-Long: " + b"a" * 30_000, method=b"GET", target=b"/healthz"), 200),
    ],
    ids=["a long field", "a long address", "many fields", "not too many", "not too long"],
)
def test_a_head_has_limits(service: Service, request_head: bytes, status: int) -> None:
    with wire(service.url) as client:
        client.send(request_head)
        answer = client.read_answer()
    assert statuses(answer) == [status]


def test_a_head_without_end_is_cut_off_early(service: Service) -> None:
    with wire(service.url) as client:
        client.send(b"GET /healthz HTTP/1.1\r\n" + HOST + b"X-Endless: ")
        for _ in range(100):
            client.send(b"a" * 10_000)
        # It may be reset before the answer is read; what counts is that it ends.
        assert statuses(client.read_until_closed()) in ([431], [])


def test_a_trailer_is_no_header(service: Service) -> None:
    key = service.partners["hotel"].api_key.encode()
    chunked = b"2\r\n{}\r\n0\r\nAuthorization: Bearer " + key + b"\r\n\r\n"
    with wire(service.url) as client:
        client.send(head(b"Host: localhost", b"Transfer-Encoding: chunked") + chunked)
        assert statuses(client.read_answer()) == [401]


def test_requests_far_ahead_of_their_answers_end(service: Service) -> None:
    with wire(service.url) as client:
        client.send(SMUGGLED * 3000)
        found = statuses(client.read_until_closed())
    assert found[-1] == 400
    assert set(found[:-1]) == {200}


def test_pipelining_within_reason_works(service: Service) -> None:
    with wire(service.url) as client:
        client.send(SMUGGLED * 19 + SMUGGLED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert statuses(client.read_until_closed()) == [200] * 20
