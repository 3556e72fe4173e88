"""What the pairs of runs are printed as: first what counts most, then a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bench.beside.figures import BUSY, GOALS, MIN_CEILING, Line
from bench.tables import table

_FIRST: Final = (
    "database | connections | × raw SM2 | CPU µs a verification | verifications/s | × the peer | peer/s | p99 ms"
)
_REST: Final = (
    "database | connections | SM2 signatures a verification | peer's CPU µs | p50 ms | peer's p99 ms "
    "| verifications a commit | raw SM2/s | wrk's ceiling | others on the core"
)


def tell(line: Line) -> str:
    """Return one line in words: SM2 and processor time, rates, and which goals were missed."""
    goal, ended = GOALS.get(line.connections), "no goals"
    if goal is not None:
        missed = goal.missed(line)
        ended = f"goals missed: {'; '.join(missed)}" if missed else "goals reached"
    if line.others > BUSY:
        ended += f"; other programs took {line.others:.0%} of the core: trust processor times only"
    return (
        f"{line.database}, {line.connections} connections: {line.of_sm2:.2f} times raw SM2, "
        f"{line.processor:,.0f} us of the processor for a verification; {line.rate:,.0f}/s against the peer's "
        f"{line.peer_rate:,.0f}/s ({line.of_peer:.2f} times), p99 {line.p99:.1f} ms; {ended}"
    )


def tell_ceiling(line: Line) -> str:
    """Say why ``line`` does not count."""
    return (
        f"the run at {line.connections} connections counts for nothing: wrk could send only {line.headroom:.2f} times "
        f"what was answered ({MIN_CEILING} is needed). Stop what else runs on this machine, and run it again"
    )


def tabulate(lines: Sequence[Line]) -> str:
    """Return all figures in Markdown: what counts most in the first table, what explains it in the second."""
    first = [
        f"{line.database} | {line.connections} | **{line.of_sm2:.2f}** | **{line.processor:,.0f}** "
        f"| {line.rate:,.0f} | **{line.of_peer:.2f}** | {line.peer_rate:,.0f} | {line.p99:.1f}"
        for line in lines
    ]
    rest = [
        f"{line.database} | {line.connections} | {line.signatures:.2f} | {line.peer_processor:,.0f} | {line.p50:.1f} "
        f"| {line.peer_p99:.1f} | {line.together:.0f} | {line.sm2:,.0f} | {line.headroom:.1f} × | {line.others:.0%}"
        for line in lines
    ]
    return f"{table(_FIRST, first)}\n\n{table(_REST, rest)}"


def steadiness(lines: Sequence[Line]) -> list[str]:
    """Return how the later databases compare with the first, at the same connections."""
    told = []
    for line in lines:
        first = next(one for one in lines if one.connections == line.connections)
        if line is not first:
            told.append(
                f"{line.database}, {line.connections} connections: {line.of_sm2 / first.of_sm2:.2f} of the SM2 ratio, "
                f"{line.of_peer / first.of_peer:.2f} of the ratio to the peer and {line.p99 / first.p99:.2f} of the "
                f"p99 with {first.database}"
            )
    return told
