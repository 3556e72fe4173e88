"""Metrics: what is counted, under which labels, and that strange values cannot fill the memory."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from eztong.adapters.entropy import SystemEntropy
from eztong.http.exchange import ExchangeMiddleware, Exchanges
from eztong.http.metrics import Metrics, plain_method, route_template


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def text_of(metrics: Metrics) -> str:
    return metrics.render()[0].decode()


def test_a_verification_is_counted_under_its_outcome(metrics: Metrics) -> None:
    metrics.verification("passed")
    assert 'eztong_verifications_total{outcome="passed"} 1.0' in text_of(metrics)


def test_an_issued_code_is_counted_under_its_channel(metrics: Metrics) -> None:
    metrics.code_issued("screen")
    assert 'eztong_codes_issued_total{channel="screen"} 1.0' in text_of(metrics)


def test_a_registration_is_counted_under_its_verdict(metrics: Metrics) -> None:
    metrics.registration("approve")
    assert 'eztong_registrations_total{verdict="approve"} 1.0' in text_of(metrics)


def test_a_commit_counts_its_jobs(metrics: Metrics) -> None:
    metrics.commit(7, 0.004)
    assert 'eztong_commit_jobs_bucket{le="8.0"} 1.0' in text_of(metrics)


def test_a_commit_counts_its_seconds(metrics: Metrics) -> None:
    metrics.commit(7, 0.004)
    assert 'eztong_commit_seconds_bucket{le="0.005"} 1.0' in text_of(metrics)


def test_a_request_is_counted_under_route_method_and_status_class(metrics: Metrics) -> None:
    metrics.requests("/v1/verifications", "POST", 201, [0.01])
    expected = 'eztong_http_request_seconds_count{method="POST",route="/v1/verifications",status="2xx"} 1.0'
    assert expected in text_of(metrics)


def test_what_ends_together_enters_the_buckets_up_to_and_with_their_limits(metrics: Metrics) -> None:
    metrics.requests("/x", "GET", 200, [0.001, 0.002, 0.0021, 99.0])
    text, labels = text_of(metrics), 'method="GET",route="/x",status="2xx"'
    for limit, up_to in (("0.002", 2), ("0.005", 3), ("10.0", 3), ("+Inf", 4)):
        assert f'eztong_http_request_seconds_bucket{{le="{limit}",{labels}}} {up_to}.0' in text
    assert f"eztong_http_request_seconds_sum{{{labels}}} 99.0051" in text


@pytest.mark.parametrize("status", [0, 99, 600, -1])
def test_a_status_outside_http_is_other(metrics: Metrics, status: int) -> None:
    metrics.requests("/", "GET", status, [0.01])
    assert 'status="other"' in text_of(metrics)


def test_an_invented_method_is_other() -> None:
    assert plain_method("BREW") == "other"


def test_a_queue_shows_its_newest_depth(metrics: Metrics) -> None:
    metrics.queue_depth("outbox", 5)
    metrics.queue_depth("outbox", 2)
    assert 'eztong_queue_depth{queue="outbox"} 2.0' in text_of(metrics)


def test_the_authority_is_in_one_state_at_a_time(metrics: Metrics) -> None:
    metrics.authority_state("open")
    metrics.authority_state("closed")
    shown = [line for line in text_of(metrics).splitlines() if line.startswith("eztong_authority_state{")]
    assert shown == ['eztong_authority_state{state="open"} 0.0', 'eztong_authority_state{state="closed"} 1.0']


def test_label_sets_beyond_the_limit_count_as_other() -> None:
    metrics = Metrics(max_label_sets=3)
    for number in range(100):
        metrics.verification(f"invented-{number}")
    assert 'eztong_verifications_total{outcome="other"} 97.0' in text_of(metrics)


def test_label_sets_are_bounded() -> None:
    metrics = Metrics(max_label_sets=3)
    for number in range(100):
        metrics.requests(f"/invented/{number}", "GET", 200, [0.01])
    assert text_of(metrics).count("eztong_http_request_seconds_count{") == 4


def test_two_metrics_share_nothing(metrics: Metrics) -> None:
    metrics.verification("passed")
    assert 'outcome="passed"' not in text_of(Metrics())


def test_no_count_is_lost_between_threads(metrics: Metrics) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: metrics.verification(f"outcome-{number % 5}"), range(2000)))
    assert text_of(metrics).count("} 400.0") == 5


def test_the_content_type_is_prometheus_text(metrics: Metrics) -> None:
    assert metrics.render()[1].startswith("text/plain; version=")


def test_a_scope_without_a_route_has_the_template_other() -> None:
    assert route_template({"type": "http", "path": "/13800138000"}) == "other"


async def _answer(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


async def _fail(_request: Request) -> PlainTextResponse:
    raise ValueError("broken")


def asked(metrics: Metrics, path: str) -> str:
    routes = [Route("/things/{thing}", _answer), Route("/broken", _fail)]
    app = ExchangeMiddleware(Starlette(routes=routes), exchanges=Exchanges(metrics=metrics, entropy=SystemEntropy()))
    TestClient(app, raise_server_exceptions=False).get(path)
    return text_of(metrics)


def test_the_middleware_labels_by_template(metrics: Metrics) -> None:
    expected = 'eztong_http_request_seconds_count{method="GET",route="/things/{thing}",status="2xx"} 1.0'
    assert expected in asked(metrics, "/things/4711")


def test_the_middleware_never_shows_the_path(metrics: Metrics) -> None:
    assert "forty-seven" not in asked(metrics, "/things/forty-seven")


def test_an_unknown_path_is_labelled_other(metrics: Metrics) -> None:
    assert 'route="other",status="4xx"' in asked(metrics, "/nowhere")


def test_a_request_that_breaks_counts_as_5xx(metrics: Metrics) -> None:
    assert 'route="/broken",status="5xx"' in asked(metrics, "/broken")


def test_the_middleware_measures_by_its_timer(metrics: Metrics) -> None:
    times = iter([10.0, 10.25])

    async def nothing(_scope: Scope, _receive: Receive, _send: Send) -> None: ...

    async def never() -> dict[str, object]:
        raise AssertionError

    async def ignore(_message: object) -> None: ...

    exchanges = Exchanges(metrics=metrics, entropy=SystemEntropy(), timer=lambda: next(times))
    asyncio.run(
        ExchangeMiddleware(nothing, exchanges=exchanges)(
            {"type": "http", "method": "GET", "headers": []}, never, ignore
        )
    )
    expected = 'eztong_http_request_seconds_sum{method="GET",route="other",status="5xx"} 0.25'
    assert expected in text_of(metrics)
