"""The hot route answers the same before the framework as inside it: a chunked body takes the ordinary way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulators.service import Service, running

SCENE = "hotel_check_in"
PATH = "/v1/verifications"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("hot") / "data"
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
    hot, ordinary = both_ways(service, body)
    assert hot.status_code == ordinary.status_code >= 400
    assert without_ids(hot) == without_ids(ordinary)
    assert hot.headers["content-type"] == ordinary.headers["content-type"] == "application/problem+json"


def test_a_call_that_passes_passes_alike(service: Service) -> None:
    holder = service.holder("P01")
    code = service.code(holder["id"])["qr"]
    body = json.dumps({"code": code, "scene": SCENE}).encode()
    hot, ordinary = both_ways(service, body, **{"idempotency-key": "both-ways"})
    assert hot.status_code == ordinary.status_code == 200
    assert hot.content == ordinary.content


def test_both_ways_carry_the_same_protection(service: Service) -> None:
    hot, ordinary = both_ways(service, b"{")
    assert set(hot.headers) == set(ordinary.headers)
    for name in ("content-security-policy", "x-content-type-options", "cache-control", "permissions-policy"):
        assert hot.headers[name] == ordinary.headers[name]


def test_the_request_id_of_the_client_comes_back_and_a_strange_one_does_not(service: Service) -> None:
    hot, _ = both_ways(service, b"{", **{"x-request-id": "my-own-id-17"})
    assert hot.headers["x-request-id"] == hot.json()["request_id"] == "my-own-id-17"
    hot, _ = both_ways(service, b"{", **{"x-request-id": "<script>"})
    assert "script" not in hot.text
