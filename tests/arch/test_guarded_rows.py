"""What makes a value of a row is under ``reads``, so that a row which cannot be read is told as such, and its table."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from quality.trees import trees

REPOSITORIES = Path(__file__).parents[2] / "src/eztong/adapters/storage/sql/repositories"
TAKES_ANYTHING = frozenset({"bool", "bytes", "str", "tuple"})
"""What makes a value of whatever stands there. Names of ids, which end so, change nothing either."""

GUARDS_ITSELF = {
    "jobs._job": "a queue reads row by row, and keeps the damaged ones apart",
    "eid/eid_flows._ending": "a part of a row that is read as a whole",
}


def unguarded_rows(repositories: Path) -> Iterator[str]:
    """Name each function that makes something of a cell of a row, and is not under ``reads``."""
    for path, tree in trees(repositories):
        room = path.relative_to(repositories).with_suffix("").as_posix()
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and not is_guarded(node) and any(map(makes, ast.walk(node))):
                name = f"{room}.{node.name}"
                if name not in GUARDS_ITSELF:
                    yield name


def is_guarded(function: ast.FunctionDef) -> bool:
    """Say whether it is under ``reads``."""
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "reads"
        for one in function.decorator_list
    )


def makes(node: ast.AST) -> bool:
    """Say whether this makes something of a cell: it may refuse the value."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return False
    name = node.func.id
    return not (name in TAKES_ANYTHING or name.endswith(("Id", "Code"))) and any(map(is_cell, node.args))


def is_cell(node: ast.expr) -> bool:
    """Say whether this is a cell of a row."""
    return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "row"


def test_every_row_is_read_under_guard() -> None:
    assert list(unguarded_rows(REPOSITORIES)) == []


@pytest.mark.parametrize("call", ["State(row[1])", "from_ms(row[2])", "int(row[0])"])
def test_a_row_without_guard_is_found(tmp_path: Path, call: str) -> None:
    module = tmp_path / "things.py"
    module.write_text(f"@reads(things)\ndef guarded(row):\n    return {call}\n")
    assert list(unguarded_rows(tmp_path)) == []
    module.write_text(f"def bare(row):\n    return {call}\n")
    assert list(unguarded_rows(tmp_path)) == ["things.bare"]
