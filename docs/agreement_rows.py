"""The rows of the agreement with the modules that check them from outside: what docs/clauses.md says."""
# ruff: noqa: INP001 - part of the script beside it

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import writing

FOLDER: Final = Path(__file__).parents[1] / "tests" / "clauses"
PAGE: Final = Path(__file__).parent / "clauses.md"
"""The page that is made of them."""
_SECTIONS: Final = str.maketrans({"-": "_", ".": "_", "一": "1"})


@dataclass(frozen=True, slots=True)
class Row:
    """A clause that can be checked from outside: its id, its words, the part of the work that completes it."""

    id: str
    words: str
    part: str

    @property
    def prefix(self) -> str:
        """How the files of its modules begin."""
        return f"test_{self.id.translate(_SECTIONS)}_"


@dataclass(frozen=True, slots=True)
class Told:
    """A module: its file, what it says of itself, and its tests in words."""

    path: Path
    says: str
    tests: Sequence[str]


def rows(folder: Path = FOLDER) -> list[Row]:
    """Return every row, in the order of the agreement."""
    return [Row(**row) for row in _file(folder)["row"]]


def still_open(folder: Path = FOLDER) -> Mapping[str, str]:
    """Return the ids of the rows that nothing checks yet, each with the reason."""
    reasons: dict[str, str] = _file(folder)["open"]
    return reasons


def _file(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "rows.toml").read_text("utf-8"))


def row_of(path: Path, among: Sequence[Row]) -> Row | None:
    """Return the row that a module is about: of those with which its name begins, the one with the longest id."""
    fitting = [row for row in among if path.name.startswith(row.prefix)]
    return max(fitting, key=lambda row: len(row.prefix), default=None)


def modules(folder: Path = FOLDER) -> Iterator[tuple[Path, Row | None]]:
    """Give each module with its row."""
    known = rows(folder)
    for path in sorted(folder.glob("test_*.py")):
        yield path, row_of(path, known)


def told(path: Path) -> Told:
    """Read a module."""
    tree = ast.parse(path.read_text("utf-8"))
    tests = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    says = " ".join((ast.get_docstring(tree) or "").partition("\n\n")[0].split())
    return Told(path, says, [name.removeprefix("test_").replace("_", " ") for name in tests])


def page() -> str:
    """Say of each row how it is checked, or why not."""
    found = list(modules())
    reasons = still_open()
    checked = [row for row in rows() if row.id not in reasons]
    sections = [_section(row, [told(path) for path, one in found if one == row], reasons) for row in rows()]
    return writing.page(
        "The agreement, row by row",
        "Each clause of the service agreement that can be checked from outside, in its essential words, and what is\n"
        "checked: through pages, API and command line of a running sandbox, with invented people and a clock that can\n"
        "be moved. The modules use nothing of the program and no SQL; databases, logs and backups are searched as\n"
        f"bytes. Of {len(sections)} rows {len(checked)} are checked, {len(reasons)} are open.",
        "## What is open",
        writing.table(
            ("row", "completed by", "why"),
            [(_link(row), row.part, reasons[row.id]) for row in rows() if row.id in reasons],
        )
        if reasons
        else "Nothing: each row has a module that checks it.",
        *sections,
    )


def _link(row: Row) -> str:
    return f"[{row.id}](#{row.id.lower().replace('.', '')})"


def _section(row: Row, checks: Sequence[Told], reasons: Mapping[str, str]) -> str:
    parts = [f"## {row.id}", f"> {row.words}", f"Part of the work: {row.part}."]
    if row.id in reasons:
        parts.append(f"**Open.** {reasons[row.id]}")
    for module in checks:
        parts.append(f"[{module.path.name}](../tests/clauses/{module.path.name}): {writing.escaped(module.says)}")
        parts.append("\n".join(f"- {writing.escaped(test)}" for test in module.tests))
    return "\n\n".join(parts)
