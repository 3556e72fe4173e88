"""``make bench``: measure, print, and record in docs/benchmarks.md what stands above its marker line."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.cores import cores, describe_machine
from bench.gate import hold_gate
from bench.measure import Plan, measure
from bench.report import render

PAGE = Path("docs/benchmarks.md")
NOTES = "## Where the time goes"


def main() -> None:
    """Run the benchmarks."""
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    options.add_argument("--quick", action="store_true", help="a few seconds on 2,000 holders; nothing is recorded")
    options.add_argument("--gate", action="store_true", help="processor time over raw SM2, in process, with a limit")
    chosen = options.parse_args()
    if chosen.gate:
        sys.exit(0 if hold_gate() else 1)
    plan = Plan(holders=(2_000,), codes_per_run=1_000, rounds=1, registrations=100) if chosen.quick else Plan()
    machine = describe_machine()
    os.sched_setaffinity(0, {cores()[1]})
    figures = measure(plan)
    page = render(figures, machine=machine, plan=plan, day=f"{datetime.now(UTC):%Y-%m-%d}")
    print(page)
    if not chosen.quick:
        kept = PAGE.read_text("utf-8").partition(NOTES) if PAGE.exists() else ("", "", "")
        PAGE.write_text(f"{page}\n{kept[1]}{kept[2]}".rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()
