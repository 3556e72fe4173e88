"""The clauses of a text: found by their numbers, since headings mean nothing (clause 5.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_HEADING: Final = re.compile(r"^(#{2,6}) +(.*?) *$", re.MULTILINE)
_NUMBER: Final = re.compile(r"((?:\d+\.)*\d+|[一二三四五六七八九])(?=[.、\s]|$)")
_CHAPTERS: Final = {numeral: str(number) for number, numeral in enumerate("一二三四五六七八九", start=1)}


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a text under one heading. ``number`` is empty for what has a heading without one, or none at all."""

    number: str
    heading: str
    body: str


def split_clauses(text: str) -> list[Clause]:
    """Return the pieces of a text in their order; first what stands before any heading, if there is something."""
    pieces = _HEADING.split(text)
    found = [] if not pieces[0].strip() else [Clause("", "", pieces[0].strip())]
    for heading, body in zip(pieces[2::3], pieces[3::3], strict=True):
        found.append(Clause(clause_number(heading), heading, body.strip()))
    return found


def clause_number(heading: str) -> str:
    """Return the number that a heading begins with, chapters in digits; empty if it has none."""
    number = _NUMBER.match(heading)
    return "" if number is None else _CHAPTERS.get(number[1], number[1])


def clause_numbers(text: str) -> list[str]:
    """Return the numbers of a text's clauses in their order."""
    return [clause.number for clause in split_clauses(text) if clause.number]


def clause_anchor(number: str) -> str:
    """Return the anchor of a clause on a page, the same in every language."""
    return f"clause-{number}"
