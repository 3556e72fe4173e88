"""``make bench ARGS="--long 10"``: codes are issued over HTTP and verified until used up, again and again.

The verifying parts of the last minute shall be as fast as those of the first.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import subject
from bench.beside.codes import LayOut, drawing
from bench.beside.figures import Ours
from bench.beside.ready import Bench, Database, benching
from bench.measure import check, say
from bench.tables import table

CODES: Final = 5_000
MIN_VERIFICATIONS: Final = 300_000
TOLERANCE: Final = 0.10
_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """Codes issued, then verified. Moments are seconds from the first cycle's begin."""

    began: float
    ended: float
    ours: Ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """Medians of the verifying parts of a minute."""

    rate: float
    p99: float
    processor: float
    others: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """What many cycles say."""

    first: Minute
    last: Minute
    verifications: int
    seconds: float

    @property
    def mixed_rate(self) -> float:
        """Codes both issued and verified per second, of the whole time."""
        return self.verifications / self.seconds

    def faults(self, *, minutes: float) -> list[str]:
        """Say what is not as it shall be after so many minutes."""
        told = []
        needed = MIN_VERIFICATIONS * minutes / 10
        if self.verifications < needed:
            told.append(f"{self.verifications:,} verifications, {needed:,.0f} are needed")
        if self.last.rate < self.first.rate * (1 - TOLERANCE):
            told.append(f"the rate fell to {self.last.rate / self.first.rate:.2f} of the first minute's")
        if self.last.p99 > self.first.p99 * (1 + TOLERANCE):
            told.append(f"the p99 rose to {self.last.p99 / self.first.p99:.2f} of the first minute's")
        return told


def summarise(cycles: Sequence[Cycle]) -> Lasting:
    """Compare the cycles that ended within the first minute with those that began within the last."""
    end = cycles[-1].ended
    return Lasting(
        first=_minute([cycle for cycle in cycles if cycle.ended <= _MINUTE] or cycles[:1]),
        last=_minute([cycle for cycle in cycles if cycle.began >= end - _MINUTE] or cycles[-1:]),
        verifications=sum(cycle.ours.run.calls for cycle in cycles),
        seconds=end,
    )


def _minute(cycles: Sequence[Cycle]) -> Minute:
    def median(pick: Callable[[Ours], float]) -> float:
        return statistics.median(pick(cycle.ours) for cycle in cycles)

    return Minute(
        rate=median(lambda ours: ours.run.rate),
        p99=median(lambda ours: ours.run.p99),
        processor=median(lambda ours: ours.processor),
        others=median(lambda ours: ours.others),
    )


def last(minutes: float, *, database: Database, connections: int) -> Lasting:
    """Go on for so many minutes."""
    with tempfile.TemporaryDirectory(prefix="eztong-bench-", dir=".") as name, benching(database, Path(name)) as laid:
        bench = Bench(server=laid.server, lay_out=_issuing(laid.server), folder=laid.folder)
        bench.warm(connections=connections)
        cycles, start = list[Cycle](), time.monotonic()
        while (began := time.monotonic() - start) < minutes * _MINUTE:
            ours = bench.verify(connections=connections, count=CODES)
            cycles.append(Cycle(began=began, ended=time.monotonic() - start, ours=ours))
            say(f"{began / _MINUTE:5.1f} min: {ours.run.rate:,.0f}/s, p99 {ours.run.p99:.1f} ms")
        return summarise(cycles)


def _issuing(server: subject.Subject) -> LayOut:
    draw = drawing(server.data_dir)

    def issue(count: int) -> list[str]:
        result, codes = subject.issue_codes(server, draw(count))
        check(result)
        return codes

    return issue


def tell(lasting: Lasting, *, minutes: float) -> str:
    """Return the figures in Markdown."""
    faults = lasting.faults(minutes=minutes)
    rows = [
        f"{name} | {one.rate:,.0f} | {one.p99:.1f} | {one.processor:,.0f} | {one.others:.0%}"
        for name, one in (("first", lasting.first), ("last", lasting.last))
    ]
    return "\n".join(
        [
            f"{lasting.verifications:,} verifications in {lasting.seconds / _MINUTE:.1f} minutes; "
            f"{lasting.mixed_rate:,.0f} codes a second both issued and verified. "
            + (f"Goals missed: {'; '.join(faults)}." if faults else "Goals reached."),
            "",
            table("minute | verifications/s | p99 ms | CPU µs a verification | others on the core", rows),
        ]
    )
