"""``make mutants``: change the rules a little, one change at a time, and see whether the tests notice.

mutmut makes every mutant of domain and use cases and runs, for each, the tests that reach its function. Here the sample
is drawn, and what became of it is printed and, with ``--store``, written to docs/mutants.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

from mutmut.stats import status_by_exit_code

from quality.mutants_page import PAGE, Outcome, Survivor, render, score_of

ROOT: Final = Path(__file__).parents[1]
MUTANTS: Final = ROOT / "mutants"
SAMPLE: Final = 600
NOTICED: Final = frozenset({"killed", "timeout"})
_TOOL: Final = Path(sys.executable).with_name("mutmut")
LEAST: Final = "eztong.domain.jobs.backoff"
"""A few mutants that few tests reach: a run over them makes all others and learns which tests reach which function."""


def main() -> None:
    """Draw, run, print."""
    options = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    options.add_argument("--seed", type=int, help="draw this sample again; without it another one each time")
    options.add_argument("--count", type=int, default=SAMPLE, help=f"how many to draw; {SAMPLE} by default")
    options.add_argument("--all", action="store_true", help="run every mutant: some hours")
    options.add_argument("--keep", action="store_true", help="go on with mutants/ as an earlier run left it")
    options.add_argument("--store", action="store_true", help=f"write what came of it to {PAGE.relative_to(ROOT)}")
    chosen = options.parse_args()
    if not chosen.keep:
        shutil.rmtree(MUTANTS, ignore_errors=True)
    _mutmut(f"{LEAST}.*")
    names = sorted(exit_codes())
    seed = random.SystemRandom().randrange(1_000_000) if chosen.seed is None else chosen.seed
    drawn = names if chosen.all else draw(names, seed=seed, count=chosen.count)
    print(f"==> {len(drawn)} of {len(names)} mutants" + ("" if chosen.all else f", drawn with seed {seed}"), flush=True)
    print(*drawn, sep="\n", flush=True)
    if left := [name for name, code in exit_codes().items() if code is None and name in drawn]:
        _mutmut(*([] if chosen.all else left))
    outcome = Outcome(
        seed=None if chosen.all else seed,
        made=len(names),
        statuses=(
            statuses := {name: status_by_exit_code[code] for name, code in exit_codes().items() if name in drawn}
        ),
        survivors=tuple(survivors(statuses)),
        commit=_output("git", "describe", "--always", "--dirty"),
        tool=f"mutmut {version('mutmut')}",
    )
    for one in outcome.survivors:
        print(f"\n{one.name}: {statuses[one.name]}\n{one.change}")
    print(f"\n==> {dict(Counter(statuses.values()))}")
    print(f"==> noticed: {score_of(outcome):.1f} %")
    if chosen.store:
        PAGE.write_text(render(outcome, before=PAGE.read_text("utf-8") if PAGE.exists() else ""), "utf-8")


def draw(names: Sequence[str], *, seed: int, count: int) -> list[str]:
    """Return the sample of a seed: of the same mutants always the same one."""
    return sorted(random.Random(seed).sample(sorted(names), min(count, len(names))))


def exit_codes() -> Mapping[str, int | None]:
    """Return what the tests ended with for every mutant; None for one that was not run."""
    found: dict[str, int | None] = {}
    for place in (MUTANTS / "src").rglob("*.meta"):
        found |= json.loads(place.read_text("utf-8"))["exit_code_by_key"]
    return found


def survivors(statuses: Mapping[str, str]) -> Iterator[Survivor]:
    """Give each mutant that nothing noticed, with its change."""
    for name, status in sorted(statuses.items()):
        if status not in NOTICED:
            lines = _output(str(_TOOL), "show", name).splitlines()
            yield Survivor(name, "\n".join(line for line in lines if re.match(r"[-+](?![-+]{2} )", line)))


def _mutmut(*names: str) -> None:
    done = subprocess.run([_TOOL, "run", "--max-children", str(os.cpu_count()), *names], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(f"mutmut ended with {done.returncode}")


def _output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout.strip()


if __name__ == "__main__":
    main()
