"""The page that says where each subject lives: read from the folders, so that it cannot lie."""
# ruff: noqa: INP001 - part of the script beside it

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import eztong

_SOURCE: Final = Path(eztong.__file__).parent
FLOORS: Final[Mapping[str, str]] = {
    "rules": "domain",
    "verbs": "usecases",
    "port": "ports/storage",
    "kept by": "adapters/storage/sql/repositories",
    "citizen's pages": "citizen",
    "commands": "cli",
}
"""What a floor does, and the folder in which its subjects lie."""

SHARED: Final = frozenset({"browser", "credentials", "storage", "words"})
"""Folders that are no subjects: what several of them share."""


def subjects() -> list[str]:
    """Return every subject: whatever has a folder on some floor."""
    folders = {path.name for floor in FLOORS.values() for path in (_SOURCE / floor).iterdir() if _is_room(path)}
    return sorted(folders - SHARED)


def place(subject: str, floor: str) -> str:
    """Return where a subject lies on a floor: its modules, or nothing."""
    folder = _SOURCE / FLOORS[floor] / subject
    if _is_room(folder):
        return ", ".join(f"`{path.stem}`" for path in sorted(folder.glob("*.py")) if path.stem != "__init__")
    return f"`{subject}.py`" if folder.with_suffix(".py").exists() else ""


def meaning(subject: str) -> str:
    """Return what a subject is about: what the folder highest up says of itself."""
    for floor in ("usecases", "citizen", "domain", "cli"):
        room = _SOURCE / floor / subject / "__init__.py"
        if room.exists():
            return (ast.get_docstring(ast.parse(room.read_text("utf-8"))) or "").rstrip(".")
    return ""


def rows() -> Sequence[tuple[str, ...]]:
    """Return a line for each subject: its name, what it is about, its place on every floor."""
    return [(f"**{one}**", meaning(one), *(place(one, floor) for floor in FLOORS)) for one in subjects()]


def _is_room(path: Path) -> bool:
    return (path / "__init__.py").exists()
