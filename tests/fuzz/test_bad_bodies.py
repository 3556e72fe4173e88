"""Bodies that are no JSON, or hardly, or far too much, and ids of nobody: each is told as a problem; never a 5xx."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.simulators.service import Service, running

KIB = 1024
JSON = {"content-type": "application/json"}
BODIES = {
    "nothing": b"",
    "a nul": b"\x00",
    "no UTF-8": b'{"persona": "\xff"}',
    "half a surrogate": b'{"persona": "\\ud800", "scene": "\\ud800", "code": "\\ud800"}',
    "too deep": b"[" * 60 * KIB,
    "a number of thousands of digits": b'{"advance_seconds": ' + b"9" * 5000 + b', "grant_days": ' + b"9" * 5000 + b"}",
    "not a number": b'{"advance_seconds": NaN, "grant_days": NaN}',
    "infinity": b'{"advance_seconds": 1e999, "grant_days": 1e999}',
    "a name twice": b'{"persona": "P01", "persona": "P02", "scene": "a", "scene": "b", "advance_seconds": true}',
    "cut off": b'{"persona": "P0',
    "no object": b'"P01"',
}
WRITES = (
    "/v1/verifications",
    "/v1/requests",
    f"/v1/erasure-requests/era_{'0' * 26}/answer",
    "/v1/test_helpers/holders",
    "/v1/test_helpers/clock",
    "/v1/test_helpers/authority",
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("bodies") / "var") as started:
        yield started


def post(service: Service, path: str, body: bytes | Iterator[bytes]) -> httpx.Response:
    key = service.partners["hotel"].api_key
    return service.http.post(path, content=body, headers={**JSON, "authorization": f"Bearer {key}"})


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("path", WRITES)
def test_a_body_that_cannot_be_understood_is_a_problem(service: Service, path: str, body: bytes) -> None:
    answer = post(service, path, body)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "input_invalid"


@pytest.mark.parametrize("act", ["codes", "freeze"])
def test_an_account_that_is_none_is_not_found(service: Service, act: str) -> None:
    answer = service.http.post(f"/v1/test_helpers/holders/hld_{'0' * 26}/{act}")
    assert (answer.status_code, answer.json()["code"]) == (httpx.codes.NOT_FOUND, "not_found")


@pytest.mark.parametrize("path", WRITES)
def test_a_body_that_is_too_large_is_refused_before_it_is_read_and_while_it_streams_in(
    service: Service, path: str
) -> None:
    for body in (b"a" * 65 * KIB, iter([b"a" * KIB] * 65)):
        assert post(service, path, body).status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
