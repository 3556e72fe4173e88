"""Every answer has an id; one from outside is kept only if it is plain."""

import re

import pytest
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from eztong.adapters.entropy import SystemEntropy
from eztong.http.correlation import request_id
from eztong.http.exchange import ExchangeMiddleware, Exchanges
from eztong.http.metrics import Metrics


async def tell(request: Request) -> PlainTextResponse:
    bound = structlog.contextvars.get_contextvars()["request_id"]
    return PlainTextResponse(f"{request_id(request.scope)} {bound}")


@pytest.fixture
def client() -> TestClient:
    exchanges = Exchanges(metrics=Metrics(), entropy=SystemEntropy())
    return TestClient(ExchangeMiddleware(Starlette(routes=[Route("/", tell)]), exchanges=exchanges))


def test_each_request_gets_an_id_that_handler_logs_and_answer_share(client: TestClient) -> None:
    first, second = client.get("/"), client.get("/")
    assert re.fullmatch(r"[0-9a-f]{24}", first.headers["x-request-id"])
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert first.text.split() == [first.headers["x-request-id"]] * 2


@pytest.mark.parametrize("sent", ["12345678", "A-b-C-0123456789", "a" * 64])
def test_a_plain_id_from_outside_is_kept(sent: str, client: TestClient) -> None:
    assert client.get("/", headers={"X-Request-Id": sent}).headers["x-request-id"] == sent


@pytest.mark.parametrize("sent", ["", "1234567", "a" * 65, "has space", "semi;colon", "under_score", "new\tline12"])
def test_any_other_is_replaced(sent: str, client: TestClient) -> None:
    assert client.get("/", headers={"X-Request-Id": sent}).headers["x-request-id"] != sent


def test_two_ids_are_none(client: TestClient) -> None:
    answer = client.get("/", headers=[("X-Request-Id", "12345678"), ("X-Request-Id", "87654321")])
    assert re.fullmatch(r"[0-9a-f]{24}", answer.headers["x-request-id"])


def test_outside_of_it_there_is_no_id() -> None:
    assert not request_id({"type": "http"})
