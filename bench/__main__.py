"""``make bench``: measure and print; with --record, docs/benchmarks.md keeps the figures."""

from __future__ import annotations

import argparse
import os
import signal
import sys

from bench import registering, webhooks
from bench.beside import lasting
from bench.beside.compare import compare
from bench.beside.figures import GOALS
from bench.beside.page import steadiness, tabulate, tell, tell_ceiling
from bench.beside.peer import name_peer
from bench.beside.ready import HOLDERS, Database
from bench.console_pages import ROWS, measure_console
from bench.console_pages import tell as tell_console
from bench.cores import cores, describe_machine
from bench.failing import CannotMeasure
from bench.gate import hold_gate
from bench.measure import Plan, measure, say
from bench.recording import record
from bench.report import render


def main() -> None:
    """Run the benchmarks."""
    chosen = _options().parse_args()
    # Whoever is told to end stops the servers that it started, and removes their data.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))
    try:
        passed = _run(chosen)
    except CannotMeasure as problem:
        say(f"nothing was measured: {problem}")
        sys.exit(2)
    sys.exit(0 if passed else 1)


def _run(chosen: argparse.Namespace) -> bool:
    if chosen.gate:
        return hold_gate()
    if len(set(cores())) == 1:
        raise CannotMeasure("two cores are needed: one for the server, one for the load")
    os.sched_setaffinity(0, {cores()[1]})
    ways = {
        "peers": _peers,
        "long": _long,
        "registering": _registering,
        "console": _console,
        "webhooks": _webhooks,
    }
    way = next((run for name, run in ways.items() if getattr(chosen, name)), _table)
    return way(chosen)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    kind = options.add_mutually_exclusive_group()
    kind.add_argument("--gate", action="store_true", help="processor time over raw SM2, in process, with a limit")
    kind.add_argument("--peers", action="store_true", help="verifications beside oidc-provider, by pairs of runs")
    kind.add_argument("--long", type=float, metavar="MINUTES", help="issue and verify codes again and again")
    kind.add_argument("--registering", action="store_true", help="registrations with few and with many holders")
    kind.add_argument("--console", action="store_true", help="the console's queues and audit with a million of each")
    kind.add_argument("--webhooks", action="store_true", help="deliveries beside servers that never answer")
    kind.add_argument("--quick", action="store_true", help="the table in a minute, on 2,000 holders")
    options.add_argument(
        "--holders", type=int, help="with --peers, in a second database; with --long; --registering; --console"
    )
    options.add_argument("--grown", action="store_true", help="with --peers: a second database, grown by ten runs")
    options.add_argument("--connections", type=int, nargs="+", default=list(GOALS), help="with --peers, --long")
    options.add_argument("--record", action="store_true", help="keep the figures in docs/benchmarks.md")
    return options


def _webhooks(chosen: argparse.Namespace) -> bool:
    _keep("webhooks", webhooks.tell(*webhooks.measure_webhooks()), chosen)
    return True


def _console(chosen: argparse.Namespace) -> bool:
    pages = measure_console(chosen.holders or ROWS)
    _keep("console", tell_console(pages, rows=chosen.holders or ROWS), chosen)
    return not any(one.is_too_long for one in pages)


def _peers(chosen: argparse.Namespace) -> bool:
    databases = [Database()]
    if chosen.holders or chosen.grown:
        databases.append(Database(holders=chosen.holders or HOLDERS, grown=chosen.grown))
    peer = name_peer()
    lines = []
    for line in compare(databases, chosen.connections):
        lines.append(line)
        say(tell(line))
    told = [*(f"- {tell(line)}" for line in lines), *(f"- {line}" for line in steadiness(lines))]
    uncounted = [line for line in lines if not line.counts]
    for line in uncounted:
        say(tell_ceiling(line))
    chosen.record &= not uncounted
    _keep("peers", "\n".join([*told, "", tabulate(lines), "", f"The peer: {peer}."]), chosen)
    return not uncounted


def _long(chosen: argparse.Namespace) -> bool:
    database = Database(holders=chosen.holders or HOLDERS)
    found = lasting.last(chosen.long, database=database, connections=chosen.connections[0])
    told = lasting.tell(found, minutes=chosen.long)
    _keep("long", f"{database.name}, {chosen.connections[0]} connections: {told}", chosen)
    return True


def _registering(chosen: argparse.Namespace) -> bool:
    many = chosen.holders or registering.MANY
    _keep("registering", registering.tell(registering.measure_growth(many), many=many), chosen)
    return True


def _table(chosen: argparse.Namespace) -> bool:
    plan = Plan(holders=(2_000,), codes_per_run=1_000, rounds=1, registrations=100) if chosen.quick else Plan()
    _keep("table", render(measure(plan), plan=plan), chosen)
    return True


def _keep(name: str, found: str, chosen: argparse.Namespace) -> None:
    machine = ", ".join(f"{part} {value}" for part, value in describe_machine().items())
    page = f"{found.rstrip()}\n\nOn {machine}."
    print(page)
    if chosen.record:
        record(name, page, command=_command())


def _command() -> str:
    return f'make bench ARGS="{" ".join(sys.argv[1:])}"'


if __name__ == "__main__":
    main()
