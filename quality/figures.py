"""``make figures``: the figures of the house in one print. What is refused, the gates say; here is where it stands."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from quality.imports import arrows_up, circles, imports
from quality.mutants_page import PAGE, read
from quality.sizes import Size, lines_of_files, lines_of_functions, modules_of_folders, parameters_of_functions

ROOT: Final = Path(__file__).parents[1]
TESTS: Final = "tests/unit/usecases"
LEAST: Final = 95.0
"""Percent of lines and of branches of the use cases that their own tests reach."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What the tests of the use cases reach, in percent, and what they take, in seconds."""

    lines: float
    branches: float
    passed: str
    wall: float
    processor: float


def main() -> None:
    """Print every figure with its name; end with 1 where the tests of the use cases fail or reach too little."""
    for name, value in (*sizes(), *shape(), *score()):
        print(f"{name:<34} {value}", flush=True)
    reached = reach()
    print(f"{'use cases by their own tests':<34} {reached.lines:.1f} % of lines, {reached.branches:.1f} % of branches")
    seconds = f"{reached.wall:.1f} s, of which the processor {reached.processor:.1f} s"
    print(f"{'time of these tests':<34} {seconds} ({reached.passed})")
    if min(reached.lines, reached.branches) < LEAST:
        sys.exit(f"==> less than {LEAST:.0f} % are reached")


def sizes() -> Iterator[tuple[str, str]]:
    """Give the largest of each kind, and where it is."""
    yield "most modules in a folder", _largest(modules_of_folders(ROOT))
    yield "longest file", _largest(lines_of_files(ROOT), "lines")
    yield "longest function", _largest(lines_of_functions(ROOT), "lines")
    yield "most parameters", _largest(parameters_of_functions(ROOT))


def shape() -> Iterator[tuple[str, str]]:
    """Give the number of circles and of arrows up, and each of them."""
    graph = imports()
    yield "circles of imports", _listed(circles(graph))
    yield "arrows up", _listed(arrows_up(graph, ROOT))


def score() -> Iterator[tuple[str, str]]:
    """Give the score of mutants that was stored last."""
    if PAGE.exists():
        stored = read(PAGE.read_text("utf-8"))
        yield "mutants noticed, as stored last", f"{stored.score:.1f} % of {stored.drawn} ({PAGE.relative_to(ROOT)})"


def reach() -> Reach:
    """Run the tests of the use cases twice: for their time, and for what they reach."""
    began, before = monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    told = _pytest("-m")
    wall, after = monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COVERAGE_FILE"] = f"{folder}/coverage"
        _pytest("-m", "coverage", "run", "-m")
        _run("-m", "coverage", "json", "-q", "-o", f"{folder}/reached.json")
        totals = json.loads(Path(folder, "reached.json").read_text("utf-8"))["totals"]
    return Reach(
        lines=100 * totals["covered_lines"] / totals["num_statements"],
        branches=100 * totals["covered_branches"] / totals["num_branches"],
        passed=(re.findall(r"\d+ passed", told) or ["none passed"])[-1],
        wall=wall,
        processor=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    )


def _pytest(*how: str) -> str:
    return _run(*how, "pytest", "-q", "-p", "no:cacheprovider", TESTS)


def _run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False, stdout=subprocess.PIPE, encoding="utf-8")
    if done.returncode:
        print(done.stdout)
        sys.exit(1)
    return done.stdout


def _largest(found: Iterable[Size], unit: str = "") -> str:
    most = max(found, key=lambda one: one.count)
    return f"{most.count} {unit}{' ' * bool(unit)}({most.place})"


def _listed(found: Iterable[str]) -> str:
    every = list(found)
    return "\n".join([str(len(every)), *(f"    {one}" for one in every)])


if __name__ == "__main__":
    main()
