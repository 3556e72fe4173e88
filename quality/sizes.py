"""How big files, functions and folders are: measured once, for the gates (tests/arch) and for `make figures`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from quality.trees import tree_of

_BLOCKS: Final = ("body", "orelse", "finalbody", "handlers", "cases")
ROOMS: Final = ("src", "tests", "bench", "quality")


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is at a place: a path from the root, for a function with line and name."""

    place: str
    count: int


def source_files(root: Path) -> list[Path]:
    """Return every Python file of ours under ``root``."""
    found = (path for room in ROOMS for path in (root / room).rglob("*.py"))
    return sorted(path for path in found if "node_modules" not in path.parts)


def lines_of_files(root: Path) -> Iterator[Size]:
    """Give the number of lines of each file."""
    for path in source_files(root):
        yield Size(str(path.relative_to(root)), len(path.read_text(encoding="utf-8").splitlines()))


def lines_of_functions(root: Path) -> Iterator[Size]:
    """Give the number of lines of each function, from ``def`` to its last line."""
    for place, node in _functions(root):
        yield Size(place, (node.end_lineno or node.lineno) - node.lineno + 1)


def parameters_of_functions(root: Path) -> Iterator[Size]:
    """Give the number of parameters of each function of the product, ``self`` included."""
    for place, node in _functions(root):
        if place.startswith("src"):
            asked = node.args
            every = [*asked.posonlyargs, *asked.args, *asked.kwonlyargs, asked.vararg, asked.kwarg]
            yield Size(place, sum(one is not None for one in every))


def modules_of_folders(root: Path) -> Iterator[Size]:
    """Give the number of modules of each folder; migrations are a list and no room."""
    for folder in sorted({path.parent for path in source_files(root)}):
        if folder.parts[-2:] != ("migrations", "versions"):
            modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
            yield Size(str(folder.relative_to(root)), len(modules))


def _functions(root: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in source_files(root):
        waiting: list[ast.AST] = [tree_of(path)]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(root)}:{node.lineno} {node.name}", node
            # Within expressions there are lambdas only: most of a tree need not be looked at.
            for within in _BLOCKS:
                waiting.extend(getattr(node, within, ()))
