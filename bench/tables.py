"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: str, rows: Sequence[str]) -> str:
    """Return a table of cells between bars; all columns but the first are figures."""
    ruler = "|".join(["---", *["---:"] * head.count("|")])
    return "\n".join([f"| {head} |", f"|{ruler}|", *(f"| {row} |" for row in rows)])
