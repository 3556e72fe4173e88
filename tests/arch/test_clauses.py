"""Every row of the agreement is checked from outside or stands as open, and its modules know nothing of the product."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import agreement_rows
import pytest

from quality.trees import tree_of

ROOT = Path(__file__).parents[2]
ROWS = 41
SQL = re.compile(r"\b(SELECT\s|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|sqlite_master|PRAGMA)")
NOT_FOR_CLAUSES = frozenset({"eztong", "sqlite3", "sqlalchemy", "importlib"})
NO_FOLDERS = ("tests.unit", "tests.flows", "tests.contract", "tests.property")
# Its `rows` look into the file; what stands in this folder may not call it.
MAY_OPEN_A_DATABASE = "tests/simulators/service.py"


def imported(path: Path) -> Iterator[str]:
    """Give the name of every module that a file imports, wherever in the file."""
    yield from _imported(tree_of(path))


@cache
def _imported(tree: ast.Module) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.extend(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
    return found


def reached(start: Path, root: Path) -> Iterator[Path]:
    """Give a module and every other one of the tests that it imports, also through others."""
    seen, waiting = set(), [start]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        yield path
        places = (
            root / Path(*name.split(".")).with_suffix(".py") for name in imported(path) if name.startswith("tests.")
        )
        waiting.extend(place for place in places if place.is_file())


def improper(path: Path, root: Path) -> Iterator[str]:
    """Say what a module of the clauses uses that nobody outside has."""
    for used in reached(path, root):
        place = used.relative_to(root).as_posix()
        for name in imported(used):
            if name.split(".")[0] in NOT_FOR_CLAUSES and not (place == MAY_OPEN_A_DATABASE and name == "sqlite3"):
                yield f"{path.name}: {place} imports {name}"
            if name.startswith(NO_FOLDERS):
                yield f"{path.name}: {place} imports {name}"
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and node.attr == "rows":
            yield f"{path.name}: line {node.lineno} asks the database"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            yield f"{path.name}: line {node.lineno} speaks SQL"


def unpaired(folder: Path) -> Iterator[str]:
    """Say which rows are neither checked nor open, or both, and which modules and reasons belong to no row."""
    known, reasons = agreement_rows.rows(folder), agreement_rows.still_open(folder)
    checked = {row.id for _, row in agreement_rows.modules(folder) if row is not None}
    ids = [row.id for row in known]
    for row in known:
        if ids.count(row.id) > 1:
            yield f"{row.id} stands twice"
        if row.id not in checked and row.id not in reasons:
            yield f"{row.id} has no module and is not open"
        if row.id in checked and row.id in reasons:
            yield f"{row.id} has a module and is open"
    yield from (f"{one} is open but no row" for one in reasons if one not in ids)
    yield from (f"{path.name} is about no row" for path, row in agreement_rows.modules(folder) if row is None)


def unnamed(folder: Path) -> Iterator[str]:
    """Say which modules do not name their clause in the first line of their docstring."""
    for path, row in agreement_rows.modules(folder):
        head = agreement_rows.told(path).says.partition(": ")[0]
        number = row.id.partition("-mark")[0] if row is not None else "?"
        if not re.search(rf"^(Clauses?|Section) .*(?<![\d.]){re.escape(number)}(?!\.?\d)", head):
            yield f"{path.name} does not begin with the clause that it is about"


def test_every_row_has_a_module_or_is_open_and_every_module_has_a_row() -> None:
    assert len(agreement_rows.rows()) == ROWS
    assert list(unpaired(agreement_rows.FOLDER)) == []
    assert all(reason.endswith(".") for reason in agreement_rows.still_open().values())


def test_every_module_names_its_clause() -> None:
    assert list(unnamed(agreement_rows.FOLDER)) == []


@pytest.mark.parametrize("path", sorted(agreement_rows.FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_a_module_uses_nothing_that_nobody_outside_has(path: Path) -> None:
    assert list(improper(path, ROOT)) == []


def test_each_fault_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "tests/clauses"
    folder.mkdir(parents=True)
    rows = "".join(f'[[row]]\nid = "{one}"\nwords = "w"\npart = "p"\n' for one in ("2.1", "2.2", "2.2-mark", "一"))
    (folder / "rows.toml").write_text(rows + '[open]\n"2.1" = "Not yet."\n"9.9" = "Not yet."\n', "utf-8")
    (folder / "test_2_1_it.py").write_text('"""Clause 2.11: other."""\n', "utf-8")
    (folder / "test_2_2_mark_it.py").write_text('"""Clause 2.2: it."""\n', "utf-8")
    (folder / "test_2_11_it.py").write_text('"""It."""\n', "utf-8")
    assert list(unpaired(folder)) == [
        "2.1 has a module and is open",
        "2.2 has no module and is not open",
        "一 has no module and is not open",
        "9.9 is open but no row",
        "test_2_11_it.py is about no row",
    ]
    assert [line.partition(" ")[0] for line in unnamed(folder)] == ["test_2_11_it.py", "test_2_1_it.py"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("from eztong.domain import holder", "imports eztong.domain"),
        ("def f():\n    import sqlite3", "imports sqlite3"),
        ("from tests.flows.cli import command", "imports tests.flows.cli"),
        ("from tests.simulators.bad import thing", "tests/simulators/bad.py imports eztong"),
        ("service.rows('x')", "asks the database"),
        ("text = 'select SELECT 1'", "speaks SQL"),
    ],
)
def test_each_thing_from_inside_is_noticed(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "tests/simulators").mkdir(parents=True)
    (tmp_path / "tests/simulators/bad.py").write_text("import eztong\n", "utf-8")
    module = tmp_path / "tests/test_it.py"
    module.write_text(line + "\n", "utf-8")
    assert any(said in fault for fault in improper(module, tmp_path))
