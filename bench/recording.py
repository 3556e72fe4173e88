"""Figures in docs/benchmarks.md: each kind of run has a block between two comments and replaces it as a whole."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.failing import CannotMeasure

PAGE: Final = Path("docs/benchmarks.md")


def replaced(page: str, name: str, body: str) -> str:
    """Return ``page`` with another body in the block ``name``.

    Raises:
        CannotMeasure: the page has no such block.
    """
    begin, end = f"<!-- {name} begin -->\n", f"<!-- {name} end -->"
    before, began, rest = page.partition(begin)
    _old, ended, after = rest.partition(end)
    if not began or not ended:
        raise CannotMeasure(f"the page of figures has no block between {begin.strip()} and {end}")
    return f"{before}{begin}\n{body.strip()}\n\n{end}{after}"


def record(name: str, body: str, *, command: str) -> None:
    """Write ``body`` into its block, with command, day and commit."""
    dated = f"`{command}` on {datetime.now(UTC):%Y-%m-%d} at commit {_commit()}."
    PAGE.write_text(replaced(PAGE.read_text("utf-8"), name, f"{dated}\n\n{body}"), "utf-8")


def _commit() -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], capture_output=True, check=True, text=True).stdout.strip()  # noqa: S603, S607 - no input

    changed = " with changes" if git("status", "--porcelain", "--untracked-files=no", "--", ".", f":!{PAGE}") else ""
    return git("rev-parse", "--short", "HEAD") + changed
