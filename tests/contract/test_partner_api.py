"""The demo sites' client: what it sends, what it tells, and what it keeps to itself."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from eztong.adapters.own_api import OwnApi
from eztong.domain.errors import Unavailable

KEY = "ezt_sk_test_" + "k" * 43
seen: list[httpx.Request] = []


def answer(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/away":
        raise httpx.ConnectError("nobody listens", request=request)
    seen.append(request)
    return httpx.Response(201, text='{"id":"x"}')


@pytest.fixture
def api() -> Iterator[OwnApi]:
    seen.clear()
    api = OwnApi("http://127.0.0.1:1", {"game": KEY}, transport=httpx.MockTransport(answer))
    yield api
    api.close()


def test_a_call_carries_the_partners_key_and_the_exchange_does_not(api: OwnApi) -> None:
    exchange = api.post("game", "/v1/requests", {"scene": "游戏"}, idempotency_key="once")
    assert seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert seen[0].headers["idempotency-key"] == "once"
    assert seen[0].content.decode() == exchange.sent == '{"scene": "游戏"}'
    assert (exchange.method, exchange.path, exchange.status) == ("POST", "/v1/requests", 201)
    assert exchange.received == '{"id":"x"}'
    assert KEY not in repr(exchange)
    assert KEY not in repr(api)


def test_a_reading_call_has_no_body(api: OwnApi) -> None:
    exchange = api.get("game", "/v1/requests?limit=1")
    assert (exchange.method, exchange.path, exchange.sent) == ("GET", "/v1/requests?limit=1", None)
    assert exchange.idempotency_key is None


def test_no_answer_and_no_key_are_unavailable(api: OwnApi) -> None:
    with pytest.raises(Unavailable):
        api.get("game", "/away")
    with pytest.raises(Unavailable):
        api.get("library", "/v1/requests")
    assert seen == []
