"""How a backup and a restore say what SQLite finds wrong with rows and indexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_SHOWN: Final = 3
NAMES_ROWS: Final = "eztong db check --full names the rows that are not as they were written."


def said_of_rows(lines: Sequence[str]) -> str:
    """Return the first of what SQLite said, and how much more there is."""
    more = len(lines) - _SHOWN
    said = "; ".join(lines[:_SHOWN]).encode("ascii", "backslashreplace").decode()
    return f"SQLite finds: {said}{f'; and {more} more' if more > 0 else ''}"
