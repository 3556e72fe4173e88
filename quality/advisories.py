"""Known weaknesses, read from a file of advisories in the OSV format, and compared with what a lock pins.

The file is the export for the ecosystem PyPI: a ZIP of JSON documents, one an advisory. Format: OSV schema 1.6, of
which ``affected`` counts: a version is affected that stands in ``versions`` or lies in a range of type ``ECOSYSTEM``.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ECOSYSTEM: Final = "PyPI"


class DatabaseUnusable(Exception):
    """The file cannot be read as advisories: nothing is known by it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A package that is pinned in a version with a known weakness."""

    package: str
    version: str
    advisory: str
    summary: str
    fixed: str
    """The least version that is said to be free of it; empty: none is known."""


@dataclass(frozen=True, slots=True)
class Advisories:
    """What a file holds: its advisories that were not withdrawn, and how new the newest is."""

    entries: tuple[dict[str, Any], ...]
    newest: datetime

    def about(self, pinned: dict[str, str]) -> Iterator[Finding]:
        """Yield what is known of pinned versions, by normalised name.

        Raises:
            DatabaseUnusable: an advisory about one of them cannot be compared.
        """
        for entry in self.entries:
            try:
                yield from _findings(entry, pinned)
            except (InvalidVersion, KeyError, TypeError, AttributeError) as error:
                raise DatabaseUnusable(f"the advisory {entry.get('id')} cannot be compared") from error


def read_advisories(path: Path) -> Advisories:
    """Read a file of advisories.

    Raises:
        DatabaseUnusable: no ZIP, a document in it is no advisory, or there is none.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = [json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")]
        newest = max(datetime.fromisoformat(entry["modified"]) for entry in found)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise DatabaseUnusable(f"{path.name} is no ZIP of advisories in the OSV format") from error
    if newest.tzinfo is None:
        raise DatabaseUnusable(f"{path.name} has times without a zone")
    kept = tuple(entry for entry in found if not entry.get("withdrawn") and _is_of_ecosystem(entry))
    if not kept:
        raise DatabaseUnusable(f"{path.name} has no advisory for {ECOSYSTEM}")
    return Advisories(kept, newest)


def _is_of_ecosystem(entry: dict[str, Any]) -> bool:
    return any(one.get("package", {}).get("ecosystem") == ECOSYSTEM for one in entry.get("affected", []))


def _findings(entry: dict[str, Any], pinned: dict[str, str]) -> Iterator[Finding]:
    for affected in entry["affected"]:
        package = affected.get("package", {})
        name = canonicalize_name(package.get("name", ""))
        if package.get("ecosystem") != ECOSYSTEM or name not in pinned:
            continue
        version = Version(pinned[name])
        ranges = [one["events"] for one in affected.get("ranges", []) if one["type"] == "ECOSYSTEM"]
        if pinned[name] in affected.get("versions", []) or any(_lies_in(version, events) for events in ranges):
            fixed = [Version(event["fixed"]) for events in ranges for event in events if "fixed" in event]
            later = [one for one in fixed if one > version]
            yield Finding(name, pinned[name], entry["id"], entry.get("summary") or "", str(min(later)) if later else "")


def _lies_in(version: Version, events: list[dict[str, str]]) -> bool:
    """Say whether a version lies in a range: the last event at or before it decides."""
    inside = False
    for event in sorted(events, key=_when):
        ((kind, text),) = event.items()
        if kind == "introduced" and (text == "0" or version >= Version(text)):
            inside = True
        elif (kind in {"fixed", "limit"} and version >= Version(text)) or (
            kind == "last_affected" and version > Version(text)
        ):
            inside = False
    return inside


def _when(event: dict[str, str]) -> tuple[Version, bool]:
    ((kind, text),) = event.items()
    return (Version("0.dev0") if text == "0" else Version(text), kind == "introduced")
