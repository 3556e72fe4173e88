"""Exchanges that end together are counted and logged together."""

from __future__ import annotations

import asyncio
import json
from io import StringIO

from typing_extensions import override

from eztong.adapters.entropy import SystemEntropy
from eztong.http.correlation import RequestIds
from eztong.http.exchange import Exchanges
from eztong.http.logs import configure_logs
from eztong.http.metrics import Metrics

ROUTE = "/v1/verifications"


class Counting(StringIO):
    """Counts how often it is written to."""

    writes = 0

    @override
    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)


def ended(stream: Counting, metrics: Metrics, statuses: list[int]) -> list[dict[str, object]]:
    configure_logs("info", stream=stream)
    exchanges = Exchanges(metrics=metrics, entropy=SystemEntropy())

    async def end_all() -> None:
        for number, status in enumerate(statuses):
            exchanges.open("POST", sent_id=f"request-{number}").end_with_others(ROUTE, status)
        assert stream.getvalue() == "", "not before the next turn"
        await asyncio.sleep(0)

    asyncio.run(end_all())
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_all_of_a_turn_are_one_write_and_a_line_each() -> None:
    stream = Counting()
    lines = ended(stream, Metrics(), [200, 422, 200])
    assert [(line["request_id"], line["status"]) for line in lines] == [
        ("request-0", 200),
        ("request-1", 422),
        ("request-2", 200),
    ]
    assert {(line["event"], line["method"], line["route"], line["level"]) for line in lines} == {
        ("request", "POST", ROUTE, "info")
    }
    assert stream.writes == 1


def test_each_is_counted_under_its_status() -> None:
    metrics = Metrics()
    ended(Counting(), metrics, [200, 422, 200])
    text = metrics.render()[0].decode()
    assert f'eztong_http_request_seconds_count{{method="POST",route="{ROUTE}",status="2xx"}} 2.0' in text
    assert f'eztong_http_request_seconds_count{{method="POST",route="{ROUTE}",status="4xx"}} 1.0' in text


def test_a_failure_among_them_is_an_error() -> None:
    lines = ended(Counting(), Metrics(), [200, 500])
    assert {(line["status"], line["level"]) for line in lines} == {(200, "info"), (500, "error")}


def test_a_second_turn_is_noted_as_well() -> None:
    stream, metrics = Counting(), Metrics()
    configure_logs("info", stream=stream)
    exchanges = Exchanges(metrics=metrics, entropy=SystemEntropy())

    async def two_turns() -> None:
        for _ in range(2):
            exchanges.open("POST").end_with_others(ROUTE, 200)
            await asyncio.sleep(0)

    asyncio.run(two_turns())
    assert len(stream.getvalue().splitlines()) == stream.writes == 2


def test_ids_are_drawn_many_at_once_and_none_comes_twice() -> None:
    calls: list[int] = []

    class Drawn(SystemEntropy):
        @override
        def token(self, size: int) -> bytes:
            calls.append(size)
            return super().token(size)

    ids = RequestIds(Drawn())
    drawn = [ids.new() for _ in range(200)]
    assert len(set(drawn)) == 200
    assert {len(one) for one in drawn} == {24}
    assert len(calls) == 4
