"""A floor is the sum of parts that cannot be left out, each as fast as it was in the same run."""

from dataclasses import replace

import pytest

from bench.floors import FLOW, GROUP, ISSUING, POLLING, REGISTERING, VERIFYING, Floors, Work
from bench.measure import Figures, Plan, Verified
from bench.report import render

FLOORS = Floors(sm2=2_000.0, single_rows=4_000.0, shared_rows=80_000.0, http=10_000.0, dressed_http=5_000.0)


@pytest.mark.parametrize(
    ("work", "microseconds"),
    [
        (POLLING, 100.0),
        (ISSUING, 100.0 + 12.5),
        (REGISTERING, 100.0 + 12.5),
        (VERIFYING, 100.0 + 12.5 + 500.0 / GROUP),
        (FLOW, 300.0 + 25.0 + 500.0),
    ],
)
def test_parts_add_up(work: Work, microseconds: float) -> None:
    assert 1e6 / work.rate(FLOORS) == pytest.approx(microseconds)


def test_parts_are_named_and_those_that_are_not_there_are_not() -> None:
    assert FLOW.parts == "3 × request + 2 × row in a shared commit + 1 × SM2 signature"
    assert POLLING.parts == "1 × request"


def test_the_report_puts_what_was_measured_beside_its_floor() -> None:
    verified = Verified(holders=10_000, connections=32, rate=3_000.0, p50=8.0, p95=9.0, p99=12.0, worst_p99=13.0)
    figures = Figures(floors=replace(FLOORS), verified=[verified], polled={10_000: 5_000.0}, flows={10_000: 500.0})
    page = render(figures, plan=Plan())
    assert "| 10,000 | 32 | **1.50** | **3,000** | 0.38 | 8.0 | 9.0 | 12.0 | 13.0 |" in page
    assert "| CheckEidTokenStatus, 16 connections | 10,000 | **2.50** | **5,000** | 0.50 | 10,000 |" in page
    assert "| 10,000 | **0.25** | **500** | 0.41 | 1,212 | 3 × request" in page
