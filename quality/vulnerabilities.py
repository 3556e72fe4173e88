"""Whether what eztong runs on has weaknesses that are known: 0 none, 1 some, 2 not checked. Never green by default.

Nothing is asked of the network: the advisories come in a file, and which one is said in docs/deployment.md.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from quality.advisories import DatabaseUnusable, read_advisories
from quality.bill_of_materials import LOCK, pins

FOUND: Final = 1
NOT_CHECKED: Final = 2
DAYS: Final = 14
_NOT_LOOKED_AT: Final = (
    "Not looked at: Python, its libraries in C, and the system. Their maker says what is known of those."
)


def check(database: Path | None, *, now: datetime, days: int = DAYS) -> tuple[int, list[str]]:
    """Return the exit code, and the lines that say why.

    Args:
        database: the file of advisories; None: there is none.
        now: the time by which its age is judged.
        days: how old its newest advisory may be.
    """
    if database is None:
        return NOT_CHECKED, ["not checked: give a file of advisories, ARGS='--database all.zip' (docs/deployment.md)"]
    pinned = pins(LOCK.read_text("utf-8"), here=False)
    try:
        advisories = read_advisories(database)
        found = sorted(advisories.about(pinned), key=lambda one: (one.package, one.advisory))
    except DatabaseUnusable as error:
        return NOT_CHECKED, [f"not checked: {error}"]
    known = f"{len(advisories.entries)} advisories, the newest of {advisories.newest:%Y-%m-%d}"
    lines = [
        f"{one.package} {one.version}: {one.advisory} {one.summary} "
        f"({f'fixed in {one.fixed}' if one.fixed else 'no fixed version is known'})"
        for one in found
    ]
    if lines:
        return FOUND, [*lines, f"{len(lines)} known weaknesses in {LOCK.name}, by {known}. {_NOT_LOOKED_AT}"]
    if (now - advisories.newest).days > days:
        return NOT_CHECKED, [f"not checked: {known}, are older than {days} days"]
    return 0, [f"none of the {len(pinned)} packages in {LOCK.name} has a known weakness, by {known}. {_NOT_LOOKED_AT}"]


def main() -> None:
    """Check, and leave with the code."""
    parser = argparse.ArgumentParser(
        prog="make vulnerabilities", description=(__doc__ or "").split("\n", maxsplit=1)[0]
    )
    parser.add_argument("--database", type=Path, help="ZIP of advisories in the OSV format, for the ecosystem PyPI")
    parser.add_argument("--days", type=int, default=DAYS, help=f"how old the newest may be ({DAYS})")
    given = parser.parse_args()
    code, lines = check(given.database, now=datetime.now(UTC), days=given.days)
    for line in lines:
        print(f"==> {line}")
    sys.exit(code)


if __name__ == "__main__":
    main()
