"""The page docs/mutants.md: the last score that was stored, its sample, and why each survivor is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[1] / "docs" / "mutants.md"
UNSAID: Final = "(no reason yet)"
_INTRODUCTION: Final = """\
# Mutants

Written by `make mutants ARGS="--seed N --store"`; only the reasons are written by hand, and kept from one time to the
next. A mutant is the code of `domain` or `usecases` with one small change: a comparison turned round, an argument left
out, a word spelt otherwise. It is noticed if a test of `make check` fails on it (those of `tests/unit`,
`tests/property` and `tests/vectors`; none else runs here). What mutmut cannot change is in ADR 0047."""
_SURVIVOR: Final = re.compile(
    r"^### `(?P<name>\S+)`\n\n```diff\n(?P<change>.*?)\n```\n\n(?P<reason>.+)$", re.MULTILINE | re.DOTALL
)
_SCORE: Final = re.compile(r"^\| noticed \| \d+ of (?P<drawn>\d+), (?P<score>[\d.]+) % \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test noticed: the lines that went and came."""

    name: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a sample; ``seed`` is None where every mutant was run."""

    seed: int | None
    made: int
    statuses: Mapping[str, str]
    survivors: Sequence[Survivor]
    commit: str
    tool: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What a page says: how many were drawn, the score in percent, and each survivor with its reason."""

    drawn: int
    score: float
    reasons: Mapping[Survivor, str]


def score_of(outcome: Outcome) -> float:
    """Return how many of a hundred were noticed."""
    return 100 * (1 - len(outcome.survivors) / len(outcome.statuses))


def render(outcome: Outcome, *, before: str) -> str:
    """Return the page; a survivor that was on the page ``before`` with the same change keeps its reason."""
    known = read(before).reasons if before else {}
    return "\n".join(_lines(outcome, known)) + "\n"


def read(page: str) -> Stored:
    """Return what a page says.

    Raises:
        ValueError: there is no score on it.
    """
    told = _SCORE.search(page)
    if told is None:
        raise ValueError("the page tells no score")
    part = page.partition("## Survivors\n")[2].partition("## Sample\n")[0]
    found = (_SURVIVOR.match(one.strip()) for one in re.split(r"(?m)^(?=### )", part))
    return Stored(
        drawn=int(told["drawn"]),
        score=float(told["score"]),
        reasons={Survivor(one["name"], one["change"]): one["reason"] for one in found if one is not None},
    )


def _lines(outcome: Outcome, known: Mapping[Survivor, str]) -> Iterator[str]:
    drawn, survived = len(outcome.statuses), len(outcome.survivors)
    yield from (_INTRODUCTION, "", "| | |", "|---|---|")
    yield f"| noticed | {drawn - survived} of {drawn}, {score_of(outcome):.1f} % |"
    yield f"| mutants in all | {outcome.made} |"
    yield f"| seed | {'none: all were run' if outcome.seed is None else outcome.seed} |"
    yield f"| commit | {outcome.commit} |"
    yield f"| tool | {outcome.tool} |"
    yield from ("", "## Survivors", "")
    for one in outcome.survivors:
        yield from (f"### `{one.name}`", "", "```diff", one.change, "```", "", known.get(one, UNSAID), "")
    yield from ("## Sample", "", "```")
    yield from (f"{status}: {name}" for name, status in sorted(outcome.statuses.items()))
    yield "```"
