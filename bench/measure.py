"""What is measured, in order: floors, then the server with few and with many holders."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench import alive, load, subject, tencent_flows
from bench.cores import cores, measure_alone, memory_mib, start
from bench.failing import CannotMeasure
from bench.floors import GROUP, Floors

CONNECTIONS = (1, 8, 32, 128)
ROUNDS = 3
HTTP_CALLS = 12_000
FLOWS_EACH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much to measure."""

    holders: Sequence[int] = (10_000, 100_000)
    codes_per_run: int = 6_000
    rounds: int = ROUNDS
    registrations: int = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """One line of the table: medians over the rounds."""

    holders: int
    connections: int
    rate: float
    p50: float
    p95: float
    p99: float
    worst_p99: float


@dataclass(slots=True)
class Figures:
    """Everything that was measured."""

    floors: Floors
    verified: list[Verified] = field(default_factory=list)
    issued: dict[int, float] = field(default_factory=dict)
    registered: dict[int, float] = field(default_factory=dict)
    memory: dict[int, float] = field(default_factory=dict)
    polled: dict[int, float] = field(default_factory=dict)
    flows: dict[int, float] = field(default_factory=dict)
    alive: dict[int, float] = field(default_factory=dict)


def measure(plan: Plan) -> Figures:
    """Measure everything in one run."""
    say("floors")
    figures = Figures(floors=_floors())
    with tempfile.TemporaryDirectory(prefix="eztong-bench-", dir=".") as folder:
        for holders in plan.holders:
            measure_with(holders, Path(folder) / "data", plan, figures)
    sm2_after = measure_alone("bench.floor_sm2", core=cores()[0])
    figures.floors = replace(figures.floors, sm2=statistics.mean((figures.floors.sm2, sm2_after)))
    return figures


def _floors() -> Floors:
    core = cores()[0]
    return Floors(
        sm2=measure_alone("bench.floor_sm2", core=core),
        single_rows=measure_alone("bench.floor_sqlite", "1", core=core),
        shared_rows=measure_alone("bench.floor_sqlite", str(GROUP), core=core),
        http=http_floor("bare"),
        dressed_http=http_floor("dressed"),
    )


def measure_with(holders: int, data_dir: Path, plan: Plan, figures: Figures) -> None:
    """Measure the server with so many holders."""
    say(f"filling up to {holders:,} holders")
    subject.fill(data_dir, holders)
    with subject.serving(data_dir) as server:
        issue_rates: list[float] = []
        for connections in CONNECTIONS:
            rounds = [one_round(server, connections, plan, issue_rates) for _ in range(plan.rounds)]
            figures.verified.append(summarise(holders, connections, rounds))
            say(f"{holders:,} holders, {connections} connections: {figures.verified[-1].rate:,.0f}/s")
        figures.issued[holders] = statistics.median(issue_rates)
        registered = subject.register(server, first=50_000_000 + holders, count=plan.registrations, connections=8)
        check(registered)
        figures.registered[holders] = registered.rate
        polled = [
            tencent_flows.polls(server.port, server.accounts, count=plan.codes_per_run) for _ in range(plan.rounds)
        ]
        for result in polled:
            check(result)
        figures.polled[holders] = statistics.median(result.rate for result in polled)
        figures.flows[holders] = tencent_flows.flows(server.port, server.accounts, each=FLOWS_EACH)
        figures.memory[holders] = memory_mib(server.pid)
        figures.alive[holders] = alive.median_alive(server.port)


def one_round(server: subject.Subject, connections: int, plan: Plan, issue_rates: list[float]) -> load.Result:
    """Issue fresh codes, then verify each once; an answer that is not «passed» stops the benchmark."""
    amount = min(plan.codes_per_run, 1_000 * connections)
    issued, codes = subject.issue_codes(server, subject.holder_ids(server.data_dir, limit=amount))
    check(issued)
    issue_rates.append(issued.rate)
    result = subject.verify(server, codes, connections=connections)
    check(result)
    return result


def summarise(holders: int, connections: int, rounds: Sequence[load.Result]) -> Verified:
    """Return medians over the rounds."""

    def median(pick: Callable[[load.Result], float]) -> float:
        return statistics.median(pick(result) for result in rounds)

    return Verified(
        holders=holders,
        connections=connections,
        rate=median(lambda r: r.rate),
        p50=median(lambda r: r.percentile(0.50)),
        p95=median(lambda r: r.percentile(0.95)),
        p99=median(lambda r: r.percentile(0.99)),
        worst_p99=max(r.percentile(0.99) for r in rounds),
    )


def http_floor(kind: str) -> float:
    """Return requests per second of a server that does nothing."""
    port = subject.free_port()
    with Path("/dev/null").open("wb") as nowhere:
        process = start(["-m", "bench.floor_http", str(port), kind], core=cores()[0], stdout=nowhere, stderr=nowhere)
    try:
        subject.wait_for(port)
        calls = [load.prepare(port, "/v1/verifications", b"{}" * 60, expect=b"{}")] * HTTP_CALLS
        return statistics.median(load.run(port, calls, connections=32).rate for _ in range(ROUNDS))
    finally:
        process.terminate()
        process.wait(30)


def check(result: load.Result) -> None:
    """Stop if any answer was wrong.

    Raises:
        CannotMeasure: showing the first.
    """
    if result.wrong:
        raise CannotMeasure(f"{len(result.wrong)} wrong answers; the first: {result.wrong[0]!r}")


def say(what: str) -> None:
    """Tell the person who waits what is going on."""
    print(f"==> {what}", file=sys.stderr, flush=True)
