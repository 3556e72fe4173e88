"""The figures as a page: method, machine, table, ratios to the floors."""

from __future__ import annotations

from collections.abc import Mapping

from bench.measure import Figures, Plan

METHOD = """
Everything is measured in one run, so that the ratios hold although the machine is noisy. The server is one
`eztong serve` process pinned to one core, with its defaults: JSON log to a file, WAL, `synchronous=FULL`. The load is
one process on the other core: closed loop, keep-alive, an idempotency key on every request, every answer checked to
be `passed`. Each code is issued over HTTP just before, used once, and belongs to a holder of its own. An answer
leaves only after its commit is on disk, and carries its own proof. Rates and percentiles are medians of {rounds} rounds
of up to {codes} codes; the last column is the worst round.
"""


def render(figures: Figures, *, machine: Mapping[str, str], plan: Plan, day: str) -> str:
    """Return the page in Markdown."""
    parts = [
        "# Benchmarks",
        f"Measured on {day} by `make bench`. Figures are per second of **one core** unless said.",
        "## Method",
        METHOD.format(rounds=plan.rounds, codes=f"{plan.codes_per_run:,}").strip(),
        "\n".join(f"- {name}: {value}" for name, value in machine.items()),
        "## Floors, taken in the same run",
        _floors(figures),
        "## Durable code verifications over HTTP",
        _verified(figures),
        "## Issuing codes, registering, memory",
        _others(figures),
        "## The Tencent Cloud door",
        _tencent(figures),
    ]
    return "\n\n".join(parts) + "\n"


def _floors(figures: Figures) -> str:
    rows = [f"| {name} | {rate:,.0f} |" for name, rate in figures.floors.items()]
    return "\n".join(["| floor | per second |", "|---|---:|", *rows])


def _verified(figures: Figures) -> str:
    head = (
        "| holders | connections | verifications/s | of raw SM2 | of bare HTTP | p50 ms | p95 ms | p99 ms | worst p99 |"
    )
    bare = figures.floors["HTTP server answering {}"]
    rows = [
        f"| {v.holders:,} | {v.connections} | **{v.rate:,.0f}** | {v.rate / figures.sm2:.2f} | {v.rate / bare:.2f} "
        f"| {v.p50:.1f} | {v.p95:.1f} | {v.p99:.1f} | {v.worst_p99:.1f} |"
        for v in figures.verified
    ]
    return "\n".join([head, "|---:|---:|---:|---:|---:|---:|---:|---:|---:|", *rows])


def _others(figures: Figures) -> str:
    rows = [
        f"| {holders:,} | {figures.issued[holders]:,.0f} | {figures.registered[holders]:,.0f} "
        f"| {figures.memory[holders]:,.0f} | {figures.alive[holders]:,.0f} |"
        for holders in figures.issued
    ]
    head = (
        "| holders | codes issued/s (32 connections) | registrations/s (8 connections) | server memory MiB "
        "| `/healthz` ms, p50, while strangers try passwords without end |"
    )
    return "\n".join([head, "|---:|---:|---:|---:|---:|", *rows])


def _tencent(figures: Figures) -> str:
    rows = [
        f"| {holders:,} | **{figures.polled[holders]:,.0f}** | {figures.flows[holders]:,.0f} |"
        for holders in figures.polled
    ]
    head = "| holders | CheckEidTokenStatus/s (16 connections) | GetEidToken, approved, GetEidResult: flows/s |"
    return "\n".join([head, "|---:|---:|---:|", *rows])
