"""The figures of one run: method, tables, ratios to the floors."""

from __future__ import annotations

from bench.floors import FLOW, GROUP, ISSUING, POLLING, REGISTERING, VERIFYING
from bench.measure import Figures, Plan
from bench.tables import table

METHOD = """
Everything is measured in one run, so that the ratios hold although the machine is noisy. The server is one
`eztong serve` process pinned to one core, with its defaults: JSON log to a file, WAL, `synchronous=FULL`. The load is
one process on the other core: closed loop, keep-alive, an idempotency key on every request, every answer checked to
be `passed`. Each code is issued over HTTP just before, used once, and belongs to a holder of its own. An answer
leaves only after its commit is on disk, and carries its own proof. Rates and percentiles are medians of {rounds} rounds
of up to {codes} codes; the last column is the worst round.
"""


def render(figures: Figures, *, plan: Plan) -> str:
    """Return the figures in Markdown."""
    parts = [
        METHOD.format(rounds=plan.rounds, codes=f"{plan.codes_per_run:,}").strip(),
        "### Durable code verifications over HTTP",
        _verified(figures),
        "### Floors, taken in the same run",
        _floors(figures),
        "### Issuing codes, registering, E证通",
        _others(figures),
        "### The server",
        _server(figures),
    ]
    return "\n\n".join(parts) + "\n"


def _floors(figures: Figures) -> str:
    floors = figures.floors
    rows = {
        "raw SM2 signatures": floors.sm2,
        "rows, each in a durable commit of its own": floors.single_rows,
        f"rows, {GROUP} in each durable commit": floors.shared_rows,
        "requests to a server that answers {}": floors.http,
        "the same with our middleware": floors.dressed_http,
    }
    return table("floor | per second", [f"{name} | {rate:,.0f}" for name, rate in rows.items()])


def _verified(figures: Figures) -> str:
    head = (
        "holders | connections | × raw SM2 | verifications/s | of the floor | p50 ms | p95 ms | p99 ms | worst p99 ms"
    )
    floor = VERIFYING.rate(figures.floors)
    rows = [
        f"{v.holders:,} | {v.connections} | **{v.rate / figures.floors.sm2:.2f}** | **{v.rate:,.0f}** "
        f"| {v.rate / floor:.2f} | {v.p50:.1f} | {v.p95:.1f} | {v.p99:.1f} | {v.worst_p99:.1f}"
        for v in figures.verified
    ]
    return table(head, rows) + f"\n\nThe floor is {VERIFYING.parts}: {floor:,.0f}/s."


def _others(figures: Figures) -> str:
    """Return what else is done, each beside the floor of its own parts."""
    kinds = (
        ("codes issued, 32 connections", figures.issued, ISSUING),
        ("registrations, 8 connections", figures.registered, REGISTERING),
        ("CheckEidTokenStatus, 16 connections", figures.polled, POLLING),
        ("flows: GetEidToken, approved, GetEidResult", figures.flows, FLOW),
    )
    rows = [
        f"{name} | {holders:,} | **{rate / figures.floors.sm2:.2f}** | **{rate:,.0f}** "
        f"| {rate / work.rate(figures.floors):.2f} | {work.rate(figures.floors):,.0f} | {work.parts}"
        for name, rates, work in kinds
        for holders, rate in rates.items()
    ]
    return table("what | holders | × raw SM2 | per second | of the floor | floor/s | the floor is", rows)


def _server(figures: Figures) -> str:
    rows = [f"{holders:,} | {mib:,.0f} | {figures.alive[holders]:,.0f}" for holders, mib in figures.memory.items()]
    return table("holders | memory MiB | `/healthz` ms, p50, while strangers try passwords without end", rows)
