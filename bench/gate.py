"""``make bench ARGS=--gate``: no verification may cost more of the processor than was once reached.

What is compared is processor time over that of raw SM2 in the same seconds, the median of five rounds, in one process:
a slow or busy machine changes both alike. What is too much is measured once more, in an installation of its own, and
the lower figure counts: a machine can disturb a measurement upwards only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.in_process import LIMITS, Cost, measure_in_process
from bench.measure import say


def hold_gate(measure: Callable[[Sequence[int]], list[Cost]] = measure_in_process) -> bool:
    """Measure, print a line for each number of connections, and return whether all are within their limits."""
    costs = measure(tuple(LIMITS))
    if too_much := [cost for cost in costs if cost.is_too_much]:
        for cost in too_much:
            say(f"over the limit, so measured once more: {_told(cost)}")
        again = {cost.connections: cost for cost in measure([cost.connections for cost in too_much])}
        costs = [min(cost, again.get(cost.connections, cost), key=lambda one: one.signatures) for cost in costs]
    for cost in costs:
        print(_told(cost))
    for cost in costs:
        if cost.is_too_much:
            say(
                f"the gate failed: at {cost.connections} connections a verification costs {cost.signatures:.2f} raw "
                f"SM2 signatures, twice measured; the limit is {LIMITS[cost.connections]:.2f} (bench/in_process.py)"
            )
    return not any(cost.is_too_much for cost in costs)


def _told(cost: Cost) -> str:
    return (
        f"{cost.connections:>4} connections: {cost.signatures:.2f} raw SM2 signatures for a verification "
        f"(at most {LIMITS[cost.connections]:.2f}), {cost.microseconds:,.0f} us of the processor"
    )
