"""The gate of the benchmarks: what is over its limit is measured once more, and then it stands."""

from collections.abc import Callable, Sequence

import pytest

from bench.gate import hold_gate
from bench.in_process import LIMITS, Cost

Measure = Callable[[Sequence[int]], list[Cost]]
FEW, MANY = LIMITS


def measuring(*runs: dict[int, float], asked: list[tuple[int, ...]]) -> Measure:
    """Return what measures these costs, one run after the other, and notes what it was asked for."""
    coming = iter(runs)

    def measure(connections: Sequence[int]) -> list[Cost]:
        asked.append(tuple(connections))
        run = next(coming)
        return [Cost(many, 100.0, run[many]) for many in connections]

    return measure


def test_within_the_limits_is_measured_once(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[tuple[int, ...]] = []
    assert hold_gate(measuring({FEW: LIMITS[FEW], MANY: 0.1}, asked=asked))
    assert asked == [(FEW, MANY)]
    assert f"{MANY} connections: 0.10 raw SM2 signatures" in capsys.readouterr().out


def test_what_is_over_is_measured_once_more_and_the_lower_figure_counts(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[tuple[int, ...]] = []
    assert hold_gate(measuring({FEW: 9.9, MANY: 0.1}, {FEW: 0.2}, asked=asked))
    assert asked == [(FEW, MANY), (FEW,)]
    told = capsys.readouterr()
    assert f"{FEW} connections: 0.20 raw" in told.out
    assert "over the limit, so measured once more" in told.err


@pytest.mark.parametrize("again", [9.8, 12.0])
def test_what_is_over_twice_fails_and_is_named(again: float, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[tuple[int, ...]] = []
    assert not hold_gate(measuring({FEW: 0.1, MANY: 9.9}, {MANY: again}, asked=asked))
    failed = capsys.readouterr().err.splitlines()[-1]
    assert f"at {MANY} connections a verification costs {min(again, 9.9):.2f} raw SM2 signatures" in failed
    assert f"the limit is {LIMITS[MANY]:.2f}" in failed
