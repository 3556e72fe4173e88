"""``make bench ARGS=--webhooks``: how long a delivery waits beside a thousand servers that never answer.

Two cases. None of the thousand ever answered: they stand in a lane of their own. And all of them answered until just
now, so that they stand before the healthy one in its own lane, each for a second, once.
"""

from __future__ import annotations

import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.measure import say
from bench.tables import table
from eztong.cli.service import build_quietly
from eztong.domain.jobs.job import JobKind
from eztong.wiring.build import Built
from eztong.wiring.settings import Settings
from tests.simulators.outside.gateway import gateway
from tests.simulators.silent_servers import (
    add_healthy,
    add_silent,
    delay_of_one,
    delivering,
    silent_port,
    waiting_in,
)

SILENT: Final = 1000
ROUNDS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """Seconds until healthy deliveries arrived, and how many silent servers waited meanwhile."""

    alone: float
    beside: float
    longest: float
    waiting: int


def measure_webhooks() -> tuple[Waited, Waited]:
    """Return the delays beside servers that never answered, and beside those that just fell silent."""
    return _beside(answered_before=False), _beside(answered_before=True)


def tell(never: Waited, fell: Waited) -> str:
    """Return the table of the page of figures."""
    head = "1,000 servers that never answer, which | alone, s | beside them, s | longest, s | of them still waiting"
    rows = [
        f"{name} | {one.alone:.2f} | {one.beside:.2f} | {one.longest:.2f} | {one.waiting:,}"
        for name, one in (("never did before", never), ("did until just now", fell))
    ]
    return table(head, rows)


def _beside(*, answered_before: bool) -> Waited:
    with tempfile.TemporaryDirectory(dir=".") as folder:
        built = build_quietly(Settings(data_dir=Path(folder) / "data"))
        try:
            return _waited(built, answered_before=answered_before)
        finally:
            built.close()


def _waited(built: Built, *, answered_before: bool) -> Waited:
    with silent_port() as port, gateway() as receiver:
        healthy = add_healthy(built, receiver.url)
        with delivering(built) as lanes:
            delay_of_one(built, receiver, healthy)
            alone = [delay_of_one(built, receiver, healthy) for _ in range(ROUNDS)]
            add_silent(built, port, SILENT, answered_before=answered_before)
            beside = [delay_of_one(built, receiver, healthy) for _ in range(ROUNDS)]
            waiting = sum(waiting_in(built, kind) for kind in (JobKind.WEBHOOK, JobKind.WEBHOOK_RETRY))
            waiting += lanes.under_way
    median = statistics.median
    found = Waited(alone=median(alone), beside=median(beside), longest=max(beside), waiting=waiting)
    say(f"beside {SILENT} silent servers a delivery took {found.beside:.2f} s, at most {found.longest:.2f} s")
    return found
