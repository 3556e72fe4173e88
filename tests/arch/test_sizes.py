"""Files, functions and folders stay small enough to read at once; modules are named for their subject."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quality.sizes import lines_of_files, lines_of_functions, modules_of_folders, source_files

ROOT = Path(__file__).parents[2]
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
MAX_MODULES = 20
ONE_FOR_EACH_ROW = "tests/clauses"
"""The agreement has as many rows as it has: each has a module, named by it, in one folder."""
NAMES_OF_NOTHING = frozenset({"common", "helper", "helpers", "manager", "misc", "util", "utils"})


def long_files(root: Path) -> Iterator[str]:
    """Name each file with more than 400 lines."""
    for one in lines_of_files(root):
        if one.count > MAX_FILE_LINES:
            yield f"{one.place} has {one.count} lines; {MAX_FILE_LINES} is the most"


def long_functions(root: Path) -> Iterator[str]:
    """Name each function with more than 50 lines."""
    for one in lines_of_functions(root):
        if one.count > MAX_FUNCTION_LINES:
            yield f"{one.place} has {one.count} lines; {MAX_FUNCTION_LINES} is the most"


def crowded_folders(root: Path) -> Iterator[str]:
    """Name each folder with more than twenty modules."""
    for one in modules_of_folders(root):
        if one.count > MAX_MODULES and one.place != ONE_FOR_EACH_ROW:
            yield f"{one.place} has {one.count} modules; {MAX_MODULES} is the most: divide it by subject"


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
