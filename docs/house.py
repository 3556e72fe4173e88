"""The plan of the house and the place of each subject: read from the folders, so that it cannot lie."""
# ruff: noqa: INP001 - part of the script beside it

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import writing

import eztong

_SOURCE: Final = Path(eztong.__file__).parent
_ROOT: Final = Path(__file__).parents[1]
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

_NO_SUBJECTS: Final = frozenset({"__pycache__", "locales", "static", "templates"})
_TESTS: Final = ("unit/domain", "unit/usecases", "contract/storage", "flows/citizen")
_TABLES: Final = "adapters/storage/sql/tables"
PAGE: Final = Path(__file__).parent / "architecture.md"
"""The page with the plan."""
_BEGIN: Final = "<!-- Generated: make docs -->"
_END: Final = "<!-- End of what is generated -->"


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
            return _says(room).rstrip(".")
    return ""


def rows() -> Sequence[tuple[str, ...]]:
    """Return a line for each subject: its name, what it is about, its place on every floor."""
    return [(f"**{one}**", meaning(one), *(place(one, floor) for floor in FLOORS)) for one in subjects()]


def rooms() -> Iterator[tuple[str, str, str]]:
    """Give each room from the top down, as import-linter has them: its name, what it says of itself, its folders."""
    contracts = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    floors = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    for name in (room for floor in floors for room in re.findall(r"\w+", floor)):
        room = _SOURCE / name
        if _is_room(room):
            yield f"`{name}`", _says(room / "__init__.py"), ", ".join(f"`{part}`" for part in _parts(room))


def places() -> Iterator[tuple[str, str, str]]:
    """Give each subject with what it is about and the places where it lies, by their paths."""
    for one in subjects():
        found = [_path(f"{room}/{one}") for floor, room in FLOORS.items() if floor != "kept by"]
        kept = [
            floor for floor, room in (("repository", FLOORS["kept by"]), ("tables", _TABLES)) if _path(f"{room}/{one}")
        ]
        tests = [f"`{room}`" for room in _TESTS if any((_ROOT / "tests" / room / one).glob("*.py"))]
        beside = [f"{' and '.join(kept)} by the same name"] if kept else []
        beside += [f"tests in {', '.join(tests)}"] if tests else []
        yield f"**{one}**", meaning(one), "; ".join([" · ".join(filter(None, found)), *beside])


def filled() -> str:
    """Return the page with the plan of now between its marks: every room from the top down, every subject's place."""
    head, _, rest = PAGE.read_text("utf-8").partition(_BEGIN)
    plan = writing.table(("room", "what it is for", "folders"), list(rooms()))
    lies = writing.table(("subject", "what it is about", "where it lies"), list(places()))
    return f"{head}{_BEGIN}\n\n{plan}\n\n{lies}\n\n{_END}{rest.partition(_END)[2]}"


def _path(place: str) -> str:
    if _is_room(_SOURCE / place):
        return f"`{place}/`"
    return f"`{place}.py`" if (_SOURCE / f"{place}.py").exists() else ""


def _parts(room: Path) -> list[str]:
    return sorted(path.name for path in room.iterdir() if path.is_dir() and path.name not in _NO_SUBJECTS)


def _says(module: Path) -> str:
    text = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return " ".join(text.partition("\n\n")[0].split()).replace("``", "`")


def _is_room(path: Path) -> bool:
    return (path / "__init__.py").exists()
