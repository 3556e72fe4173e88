"""Cycles of issuing and verifying: the last minute against the first, and enough of them."""

from dataclasses import replace

import pytest

from bench.beside.figures import Ours
from bench.beside.lasting import Cycle, Lasting, Minute, summarise, tell
from bench.beside.wrk import Run

RUN = Run(calls=5_000, rate=5_000.0, p50=5.0, p99=12.0, wrong=0, broken=0)


def cycle(began: float, *, rate: float = 5_000.0, p99: float = 12.0) -> Cycle:
    """Return a cycle of ten seconds."""
    ours = Ours(run=replace(RUN, rate=rate, p99=p99), processor=180.0, together=28.0, others=0.0)
    return Cycle(began=began, ended=began + 10.0, ours=ours)


MINUTE = Minute(rate=5_000.0, p99=12.0, processor=180.0, others=0.0)
STEADY = Lasting(first=MINUTE, last=MINUTE, verifications=300_000, seconds=600.0)


def test_only_cycles_within_the_first_and_the_last_minute_are_compared() -> None:
    middle = [cycle(began, rate=1.0, p99=900.0) for began in (55.0, 70.0, 235.0)]
    early = [cycle(0.0), cycle(10.0, rate=6_000.0, p99=10.0), cycle(20.0, rate=7_000.0, p99=11.0)]
    late = [cycle(250.0, rate=3_000.0), cycle(260.0, rate=4_000.0, p99=14.0), cycle(290.0, rate=5_000.0, p99=13.0)]
    found = summarise([*early, *middle, *late])
    assert (found.first.rate, found.first.p99) == (6_000.0, 11.0)
    assert (found.last.rate, found.last.p99) == (4_000.0, 13.0)


def test_the_mixed_rate_counts_the_time_of_issuing_too() -> None:
    found = summarise([cycle(began) for began in range(0, 100, 10)])
    assert found.verifications == 50_000
    assert found.mixed_rate == pytest.approx(500.0)


@pytest.mark.parametrize(
    ("lasting", "told"),
    [
        (replace(STEADY, last=replace(MINUTE, rate=4_499.0)), "the rate fell to 0.90 of the first minute's"),
        (replace(STEADY, last=replace(MINUTE, p99=13.3)), "the p99 rose to 1.11 of the first minute's"),
        (replace(STEADY, verifications=299_999), "299,999 verifications, 300,000 are needed"),
    ],
)
def test_what_did_not_last_is_named(lasting: Lasting, told: str) -> None:
    assert lasting.faults(minutes=10) == [told]
    assert f"Goals missed: {told}." in tell(lasting, minutes=10)


def test_what_lasted_has_no_faults() -> None:
    within = replace(STEADY, last=replace(MINUTE, rate=4_501.0, p99=13.1))
    assert within.faults(minutes=10) == []
    assert "300,000 verifications in 10.0 minutes; 500 codes a second both issued and verified. Goals reached." in tell(
        within, minutes=10
    )


def test_fewer_minutes_need_fewer_verifications() -> None:
    assert replace(STEADY, verifications=30_000).faults(minutes=1) == []
