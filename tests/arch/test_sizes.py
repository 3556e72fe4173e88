"""Files, functions and folders stay small enough to read at once; modules are named for their subject."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("src", "tests", "bench")
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
MAX_MODULES = 20
NAMES_OF_NOTHING = frozenset({"common", "helper", "helpers", "manager", "misc", "util", "utils"})


def source_files(root: Path) -> list[Path]:
    """Return every Python file of ours under ``root``."""
    return sorted(path for room in ROOMS for path in (root / room).rglob("*.py"))


def long_files(root: Path) -> Iterator[str]:
    """Name each file with more than 400 lines."""
    for path in source_files(root):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MAX_FILE_LINES:
            yield f"{path.relative_to(root)} has {lines} lines; {MAX_FILE_LINES} is the most"


def long_functions(root: Path) -> Iterator[str]:
    """Name each function with more than 50 lines, from ``def`` to its last line."""
    for path in source_files(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                where = f"{path.relative_to(root)}:{node.lineno} {node.name}"
                yield f"{where} has {lines} lines; {MAX_FUNCTION_LINES} is the most"


def crowded_folders(root: Path) -> Iterator[str]:
    """Name each folder of the product with more than twenty modules; migrations are a list and no room."""
    folders = sorted({path.parent for path in (root / "src").rglob("*.py")})
    for folder in folders:
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        if len(modules) > MAX_MODULES and folder.parts[-2:] != ("migrations", "versions"):
            room = folder.relative_to(root)
            yield f"{room} has {len(modules)} modules; {MAX_MODULES} is the most: divide it by subject"


def vague_names(root: Path) -> Iterator[str]:
    """Name each module or package whose name says nothing about its subject."""
    for path in source_files(root):
        inside = path.relative_to(root).with_suffix("")
        if vague := NAMES_OF_NOTHING.intersection(inside.parts):
            yield f"{path.relative_to(root)}: name it for its subject, not {min(vague)}"


GATES = (long_files, long_functions, crowded_folders, vague_names)


@pytest.mark.parametrize("gate", GATES)
def test_this_tree_passes(gate: Callable[[Path], Iterator[str]]) -> None:
    assert list(gate(ROOT)) == []
