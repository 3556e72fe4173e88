"""A verification is answered directly as it is by the framework: a chunked body takes the ordinary way."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from eztong.http.direct.whole_request import plain_head
from tests.simulators.service import Partner, Service, running

SCENE = "hotel_check_in"
PATH = "/v1/verifications"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("direct") / "data"
    with running(folder) as served:
        yield served


def both_ways(service: Service, body: bytes, **headers: str) -> tuple[httpx.Response, httpx.Response]:
    """Send the same call with a length and in chunks."""
    key = service.partners["hotel"].api_key
    sent = {"authorization": f"Bearer {key}", "content-type": "application/json", **headers}
    return (
        service.http.post(PATH, content=body, headers=sent),
        service.http.post(PATH, content=iter([body[:5], body[5:]]), headers=sent),
    )


def without_ids(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()
    found.pop("request_id", None)
    return found


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"code": "12", "scene": "hotel_check_in"}',
        b'{"code": "881234567890123458", "scene": "hotel_check_in"}',
        b'{"code": "881234567890123458", "scene": "hotel_check_in", "surprise": 1}',
        b'{"code": "881234567890123458", "scene": "nowhere"}',
        b'{"code": "881234567890123458", "scene": "hotel_check_in", "desk": "none"}',
        b'{"code": "881234567890123458", "scene": "hotel_check_in", "wants": ["everything"]}',
        b" " * 70_000,
    ],
)
def test_a_call_that_fails_fails_alike(service: Service, body: bytes) -> None:
    direct, ordinary = both_ways(service, body)
    assert direct.status_code == ordinary.status_code >= 400
    assert without_ids(direct) == without_ids(ordinary)
    assert direct.headers["content-type"] == ordinary.headers["content-type"] == "application/problem+json"


def test_a_call_that_passes_passes_alike(service: Service) -> None:
    holder = service.holder("P01")
    code = service.code(holder["id"])["qr"]
    body = json.dumps({"code": code, "scene": SCENE}).encode()
    direct, ordinary = both_ways(service, body, **{"idempotency-key": "both-ways"})
    assert direct.status_code == ordinary.status_code == 200
    assert direct.content == ordinary.content


def test_both_ways_carry_the_same_protection(service: Service) -> None:
    direct, ordinary = both_ways(service, b"{")
    assert set(direct.headers) == set(ordinary.headers)
    for name in ("content-security-policy", "x-content-type-options", "cache-control", "permissions-policy"):
        assert direct.headers[name] == ordinary.headers[name]


def test_the_request_id_of_the_client_comes_back_and_a_strange_one_does_not(service: Service) -> None:
    direct, _ = both_ways(service, b"{", **{"x-request-id": "my-own-id-17"})
    assert direct.headers["x-request-id"] == direct.json()["request_id"] == "my-own-id-17"
    direct, _ = both_ways(service, b"{", **{"x-request-id": "<script>"})
    assert "script" not in direct.text


def test_what_the_partners_of_these_tests_send_is_plain() -> None:
    taken = bytearray()

    def answer(listener: socket.socket) -> None:
        with listener.accept()[0] as connection:
            while b"}" not in taken:
                taken.extend(connection.recv(65536))
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=answer, args=(listener,))
        server.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", trust_env=False) as http:
            Partner("hotel", "ezt_sk_test_x", http).verify("12", SCENE, desk="front-1", idempotency_key="once")
        server.join(30)
    head = plain_head(bytes(taken), f"POST {PATH} HTTP/1.1\r\n".encode())
    assert head is not None, "what faults are tried on is what is answered directly"
    assert head.request_in(bytes(taken)) is not None
