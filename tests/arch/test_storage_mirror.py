"""An aggregate has one name in the port of the store, among its repositories and among its tables."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

SOURCE = Path(__file__).parents[2] / "src/eztong"
PORTS, SQL = Path("ports/storage"), Path("adapters/storage/sql")
NO_AGGREGATE = {
    PORTS: {"store", "repositories", "operation"},
    SQL / "repositories": set[str](),
    # What tables are made of, the tags of every row, and what is left of evidence: no repository keeps them.
    SQL / "tables": {"columns", "row_seals", "evidence/leaf_stubs"},
}
NO_TABLE_OF_ITS_OWN = {"deregistration/erasure", "keys/sealed_values", "own_data/rows", "retention/rows"}
"""What reads, changes or removes rows of every other aggregate."""


def aggregates(source: Path, room: Path) -> set[str]:
    """Return the modules of a room, by their place in it, that keep an aggregate."""
    places = (source / room).rglob("*.py") if (source / room).exists() else ()
    found = {path.relative_to(source / room).with_suffix("").as_posix() for path in places if path.stem != "__init__"}
    return found - NO_AGGREGATE[room]


def broken_mirror(source: Path) -> Iterator[str]:
    """Name each aggregate that one of the three rooms does not have, or does not keep by this name."""
    ports, repositories, tables = (aggregates(source, room) for room in NO_AGGREGATE)
    for name in sorted(ports | repositories):
        if name not in ports & repositories:
            yield f"{name} has a port or a repository, not both"
        elif f"eztong.ports.storage.{name.replace('/', '.')} import" not in text(
            source / SQL / f"repositories/{name}.py"
        ):
            yield f"the repository {name} is not that of its port"
    for name in sorted((ports - NO_TABLE_OF_ITS_OWN) ^ tables):
        yield f"{name} has a port or tables, not both"
    for name in sorted(ports):
        kept = [node.name for node in ast.parse(text(source / PORTS / f"{name}.py")).body if is_repository(node)]
        if len(kept) != 1:
            yield f"the port {name} keeps {len(kept)} aggregates"


def text(path: Path) -> str:
    """Return a file's text."""
    return path.read_text(encoding="utf-8")


def is_repository(node: ast.stmt) -> TypeGuard[ast.ClassDef]:
    """Say whether this is the protocol of a repository."""
    return isinstance(node, ast.ClassDef) and node.name.endswith("Repository")


def test_ports_repositories_and_tables_mirror_each_other() -> None:
    assert list(broken_mirror(SOURCE)) == []


@pytest.mark.parametrize(
    ("path", "code", "complaint"),
    [
        ("ports/storage/grants.py", "class GrantRepository: ...", "grants has a port or a repository, not both"),
        ("adapters/storage/sql/tables/queues.py", "", "queues has a port or tables, not both"),
        ("ports/storage/codes/codes.py", "class TryRepository: ...", "the port codes/codes keeps 2 aggregates"),
        ("ports/storage/records.py", "class Person: ...", "the port records keeps 0 aggregates"),
    ],
)
def test_another_name_in_one_of_them_is_found(tmp_path: Path, path: str, code: str, complaint: str) -> None:
    add(tmp_path, "ports/storage/codes/codes.py", "class CodeRepository: ...")
    add(
        tmp_path,
        "adapters/storage/sql/repositories/codes/codes.py",
        "from eztong.ports.storage.codes.codes import CodeRepository",
    )
    add(tmp_path, "adapters/storage/sql/tables/codes/codes.py", "")
    assert list(broken_mirror(tmp_path)) == []
    add(tmp_path, path, code)
    assert complaint in list(broken_mirror(tmp_path))


def add(source: Path, path: str, code: str) -> None:
    """Add a line to a module of a house built to be broken."""
    (source / path).parent.mkdir(parents=True, exist_ok=True)
    with (source / path).open("a", encoding="utf-8") as module:
        module.write(f"{code}\n")
