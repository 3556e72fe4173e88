"""Pairs of runs: ratios within a pair, medians over them, goals, and a load that must be able to send more."""

from dataclasses import replace

import pytest

from bench.beside.figures import GOALS, MIN_CEILING, Line, Ours, Pair, summarise
from bench.beside.page import steadiness, tabulate, tell, tell_ceiling
from bench.beside.wrk import Run

RUN = Run(calls=10_000, rate=5_000.0, p50=5.0, p99=12.0, wrong=0, broken=0)


def pair(*, ours: float, peer: float, sm2: float, p99: float = 12.0, others: float = 0.0) -> Pair:
    """Return a pair of runs with these rates."""
    run = replace(RUN, rate=ours, p99=p99)
    measured = Ours(run=run, processor=180.0, together=28.0, others=others)
    return Pair(ours=measured, peer=replace(RUN, rate=peer), peer_processor=190.0, sm2=sm2, sm2_processor=360.0)


def line(*pairs: Pair, ceiling: float = 40_000.0, peer_ceiling: float = 40_000.0) -> Line:
    """Return the line of these pairs at 32 connections."""
    return summarise(pairs, database="10,000 holders", connections=32, ceiling=ceiling, peer_ceiling=peer_ceiling)


GOOD = pair(ours=5_500.0, peer=5_000.0, sm2=3_000.0)


def test_a_ratio_is_taken_within_each_pair_as_the_machine_changes() -> None:
    pairs = [(2_000.0, 1_000.0), (6_000.0, 4_000.0), (5_000.0, 1_250.0)]
    # The ratio of the medians would be 4.0 for both.
    assert line(*(pair(ours=ours, peer=5_000.0, sm2=other) for ours, other in pairs)).of_sm2 == pytest.approx(2.0)
    assert line(*(pair(ours=ours, peer=other, sm2=3_000.0) for ours, other in pairs)).of_peer == pytest.approx(2.0)


def test_processor_time_is_also_told_in_signatures() -> None:
    assert line(GOOD).signatures == pytest.approx(0.5)


def test_the_worst_disturbance_of_the_pairs_is_told() -> None:
    disturbed = pair(ours=5_500.0, peer=5_000.0, sm2=3_000.0, others=0.4)
    summary = line(GOOD, disturbed, GOOD)
    assert summary.others == pytest.approx(0.4)
    assert tell(summary).endswith("; other programs took 40% of the core: trust processor times only")


@pytest.mark.parametrize(
    ("ceiling", "peer_ceiling", "counts"),
    [
        (5_500 * MIN_CEILING, 40_000.0, True),
        (5_500 * MIN_CEILING - 1, 40_000.0, False),
        (40_000.0, 5_000 * MIN_CEILING, True),
        (40_000.0, 5_000 * MIN_CEILING - 1, False),
    ],
)
def test_a_load_that_could_hardly_send_more_counts_for_nothing(
    ceiling: float, peer_ceiling: float, *, counts: bool
) -> None:
    measured = line(GOOD, ceiling=ceiling, peer_ceiling=peer_ceiling)
    assert measured.counts is counts
    assert "counts for nothing: wrk could send only 1.50 times" in tell_ceiling(measured)


def test_goals_that_are_reached_leave_nothing_to_say() -> None:
    assert GOALS[32].missed(line(GOOD)) == []
    assert tell(line(GOOD)).endswith("goals reached")


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        (pair(ours=4_900.0, peer=5_000.0, sm2=2_900.0), "0.98 times the peer, goal 1.00"),
        (pair(ours=4_900.0, peer=4_800.0, sm2=3_000.0), "1.63 times raw SM2, goal 1.65"),
        (pair(ours=5_500.0, peer=5_000.0, sm2=3_000.0, p99=15.1), "p99 15.1 ms, goal 15 ms"),
    ],
)
def test_a_missed_goal_is_named(missing: Pair, told: str) -> None:
    assert tell(line(missing)).endswith(f"goals missed: {told}")


def test_sm2_and_processor_time_come_first() -> None:
    said = tell(line(GOOD))
    assert said.index("raw SM2") < said.index("us of the processor") < said.index("/s against the peer")
    first, rest = (part.splitlines() for part in tabulate([line(GOOD), line(GOOD)]).split("\n\n"))
    assert first[2].startswith("| 10,000 holders | 32 | **1.83** | **180** | 5,500 | **1.10** | 5,000 | 12.0 |")
    for part in (first, rest):
        assert len(part) == 4
        assert len({row.count("|") for row in part}) == 1


def test_a_larger_database_is_compared_with_the_first_at_the_same_connections() -> None:
    large = replace(line(pair(ours=4_950.0, peer=5_000.0, sm2=3_000.0, p99=13.2)), database="100,000 holders")
    (told,) = steadiness([line(GOOD), large])
    assert told == (
        "100,000 holders, 32 connections: 0.90 of the SM2 ratio, 0.90 of the ratio to the peer and 1.10 of the p99 "
        "with 10,000 holders"
    )
