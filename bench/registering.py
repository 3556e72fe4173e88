"""``make bench ARGS=--registering``: what a registration costs must not grow with the number of holders.

Two servers, with few and with many holders, register new citizens in turn, on the same core.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import subject
from bench.cores import processor_seconds
from bench.measure import check, say
from bench.tables import table

FEW: Final = 1_000
MANY: Final = 100_000
ROUNDS: Final = 5
EACH: Final = 300
_CONNECTIONS: Final = 8
_NEWCOMERS: Final = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One round: registrations per second, and microseconds of the processor for each."""

    rate: float
    processor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Medians with few and with many holders, and the median of the ratios within each round."""

    few: Registered
    many: Registered
    ratio: float
    """Processor time of a registration with many holders, in units of that with few."""


def summarise(rounds: list[tuple[Registered, Registered]]) -> Growth:
    """Return the medians; ratios are taken within each round, as the machine changes between them."""

    def median(side: int, pick: Callable[[Registered], float]) -> float:
        return statistics.median(pick(one[side]) for one in rounds)

    few, many = (
        Registered(rate=median(side, lambda one: one.rate), processor=median(side, lambda one: one.processor))
        for side in (0, 1)
    )
    return Growth(few=few, many=many, ratio=statistics.median(more.processor / less.processor for less, more in rounds))


def measure_growth(many: int = MANY) -> Growth:
    """Fill both databases, then register in turn."""
    with tempfile.TemporaryDirectory(prefix="eztong-bench-", dir=".") as folder, ExitStack() as serving:
        servers = []
        for holders in (FEW, many):
            data_dir = Path(folder) / str(holders) / "data"
            data_dir.parent.mkdir()
            say(f"filling up to {holders:,} holders")
            subject.fill(data_dir, holders)
            servers.append(serving.enter_context(subject.serving(data_dir)))
        rounds = []
        for number in range(-1, ROUNDS):
            first = _NEWCOMERS + (number + 1) * EACH
            few, more = (_register(server, first) for server in servers)
            if number >= 0:  # the first round only warms both
                rounds.append((few, more))
                say(f"  {few.processor:,.0f} us and {more.processor:,.0f} us of the processor for a registration")
        return summarise(rounds)


def _register(server: subject.Subject, first: int) -> Registered:
    used = processor_seconds(server.pid)
    result = subject.register(server, first=first, count=EACH, connections=_CONNECTIONS)
    check(result)
    return Registered(rate=result.rate, processor=(processor_seconds(server.pid) - used) / EACH * 1e6)


def tell(growth: Growth, *, many: int = MANY) -> str:
    """Return the figures in Markdown."""
    rows = [
        f"{holders:,} | {one.processor:,.0f} | {one.rate:,.0f}"
        for holders, one in ((FEW, growth.few), (many, growth.many))
    ]
    told = f"With {many:,} holders a registration costs {growth.ratio:.2f} times what it costs with {FEW:,}."
    return f"{told}\n\n{table('holders | CPU µs a registration | registrations/s (8 connections)', rows)}"
