"""What wrk prints is read right, and what is no finished run is no figure."""

import pytest

from bench.beside.wrk import Run, read_output
from bench.failing import CannotMeasure

FINISHED = """\
Running 2m test @ http://127.0.0.1:9911
  1 threads and 128 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   121.48ms  271.72ms   1.78s    89.63%
    Req/Sec     4.30k     1.64k    7.54k    60.00%
  Latency Distribution
     50%  843.00us
     75%   45.42ms
     90%  414.80ms
     99%    1.34s
  12927 requests in 3.02s, 5.14MB read
Requests/sec:   4277.23
Transfer/sec:      1.70MB
"""
WITH_FAULTS = FINISHED.replace(
    "Requests/sec",
    "  Socket errors: connect 1, read 2, write 0, timeout 4\n  Non-2xx or 3xx responses: 17\nRequests/sec",
)


def test_a_finished_run_is_read() -> None:
    assert read_output(FINISHED) == Run(calls=12_927, rate=4277.23, p50=0.843, p99=1340.0, wrong=0, broken=0)


def test_wrong_answers_and_failed_connections_are_counted() -> None:
    run = read_output(WITH_FAULTS)
    assert (run.wrong, run.broken) == (17, 7)


@pytest.mark.parametrize("unit", [("us", 0.012), ("ms", 12.0), ("s", 12_000.0), ("m", 720_000.0)])
def test_every_unit_of_time_becomes_milliseconds(unit: tuple[str, float]) -> None:
    assert read_output(FINISHED.replace("1.34s", f"12{unit[0]}")).p99 == pytest.approx(unit[1])


@pytest.mark.parametrize(
    "cut",
    [
        "unable to connect to 127.0.0.1:9911 Connection refused",
        FINISHED.partition("Requests/sec")[0],
        FINISHED.replace("99%", "98%"),
    ],
)
def test_what_did_not_finish_is_shown(cut: str) -> None:
    with pytest.raises(CannotMeasure, match="wrk did not finish its run"):
        read_output(cut)
