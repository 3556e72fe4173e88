"""A gate that never closes proves nothing: each is shown to close on a tree that breaks its rule.

Every test copies the real configuration beside a few broken lines and runs the real tool there.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.arch import test_sizes

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
DOCSTRING = '"""A room in a house built to be broken."""\n'
FLOORS = (
    "adapters",
    "citizen",
    "cli",
    "console",
    "desk",
    "domain",
    "gm",
    "http",
    "pages",
    "partner_portal",
    "ports",
    "sandbox",
    "tencentcloud",
    "usecases",
)
SUBJECTS = ("citizen/codes", "citizen/me", "domain/codes", "domain/eid")
STORAGE = ("ports/storage", *(f"adapters/storage{room}" for room in ("", "/rounds", "/sql", "/sqlite", "/postgres")))

Gate = Callable[[Path], Iterator[str]]
Write = Callable[[str, str], None]


def build(house: Path) -> Path:
    """Build a tree with our configuration, empty rooms and nothing wrong in it."""
    shutil.copy(ROOT / "pyproject.toml", house)
    for room in ("", *FLOORS, *SUBJECTS, *STORAGE):
        package = house / "src" / "eztong" / room
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").write_text(DOCSTRING, encoding="utf-8")
    return house


def add(house: Path, path: str, text: str) -> None:
    """Add a module to the house."""
    target = house / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(DOCSTRING + text, encoding="utf-8")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    return build(tmp_path)


@pytest.fixture
def write(house: Path) -> Write:
    """Return what adds a file to the house."""
    return partial(add, house)


def refusal(house: Path, tool: str, *arguments: str) -> str:
    """Run a tool in the house; return what it printed, having seen it fail."""
    result = subprocess.run(
        [BIN / tool, *arguments],
        cwd=house,
        env={"PYTHONPATH": str(house / "src"), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout


IMPORTS = (
    ("domain/grants.py", "import eztong.adapters", "eztong.domain.grants -> eztong.adapters"),
    ("citizen/views.py", "import eztong.desk", "eztong.citizen.views -> eztong.desk"),
    ("desk/scan.py", "import eztong.adapters", "eztong.desk.scan -> eztong.adapters"),
    ("citizen/me/page.py", "import eztong.citizen.codes", "eztong.citizen.me.page -> eztong.citizen.codes"),
    ("gm/sm2.py", "import eztong.domain", "eztong.gm.sm2 -> eztong.domain"),
    ("usecases/verify.py", "import time", "eztong.usecases.verify -> time"),
    ("ports/storage/store.py", "import sqlalchemy", "eztong.ports.storage.store -> sqlalchemy"),
    ("adapters/storage/rounds/round.py", "import sqlite3", "eztong.adapters.storage.rounds.round -> sqlite3"),
    ("adapters/storage/sql/chain.py", "from .. import sqlite", "sql.chain -> eztong.adapters.storage.sqlite"),
    (
        "domain/errors.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import eztong.http",
        "eztong.domain.errors -> eztong.http",
    ),
)


@pytest.fixture(scope="module")
def said_of_imports(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the gate prints in a house that has each of these imports: it starts once for all of them."""
    house = build(tmp_path_factory.mktemp("imports"))
    for path, text, _chain in IMPORTS:
        add(house, f"src/eztong/{path}", text)
    return refusal(house, "lint-imports", "--no-cache")


@pytest.mark.parametrize("chain", [chain for *_, chain in IMPORTS])
def test_an_import_against_the_contract_is_refused(said_of_imports: str, chain: str) -> None:
    assert chain in said_of_imports


def test_subjects_that_lean_on_each_other_in_a_circle_are_refused(house: Path, write: Write) -> None:
    write("src/eztong/domain/codes/code.py", "import eztong.domain.eid")
    write("src/eztong/domain/eid/flow.py", "import eztong.domain.codes")
    assert "No cycles are allowed in eztong.domain" in refusal(house, "lint-imports", "--no-cache")


def test_a_room_without_a_floor_is_refused(house: Path, write: Write) -> None:
    write("src/eztong/attic/__init__.py", "")
    assert "eztong.attic" in refusal(house, "lint-imports", "--no-cache")


LOOSE = {
    "untyped": ("def f(x):\n    return x\n", "Function is missing a type annotation"),
    "wrong": ("x: int = 'one'\n", "Incompatible types in assignment"),
    "open_match": (
        (
            "import enum\n\nclass Colour(enum.Enum):\n    RED = 1\n    BLUE = 2\n\n"
            "def f(c: Colour) -> None:\n    match c:\n        case Colour.RED:\n"
            "            pass\n"
        ),
        "exhaustive-match",
    ),
}


@pytest.fixture(scope="module")
def said_of_types(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the gate prints in a house with each of these modules: it reads the standard library once."""
    house = build(tmp_path_factory.mktemp("types"))
    for name, (text, _complaint) in LOOSE.items():
        add(house, f"src/eztong/domain/{name}.py", text)
    return refusal(house, "mypy", "--strict", "src/eztong/domain")


@pytest.mark.parametrize("name", LOOSE)
def test_a_loose_type_is_refused(said_of_types: str, name: str) -> None:
    told = [line for line in said_of_types.splitlines() if f"/{name}.py:" in line]
    assert LOOSE[name][1] in "\n".join(told)


@pytest.mark.parametrize(
    ("path", "text", "complaint"),
    [
        (
            "src/eztong/usecases/now.py",
            "import time\n\nNOW = time.time()\n",
            "`time.time` is banned",
        ),
        ("src/eztong/http/dice.py", "import secrets\n\nKEY = secrets.token_bytes()\n", "`secrets`"),
        ("src/eztong/http/env.py", "import os\n\nMODE = os.environ\n", "`os.environ` is banned"),
        ("tests/unit/test_x.py", "from unittest.mock import Mock\n\nMock()\n", "`unittest.mock`"),
        (
            "src/eztong/http/deep.py",
            "def f(x):  # noqa: ANN\n" + "    if x:\n        x -= 1\n" * 11,
            "C901",
        ),
    ],
)
def test_a_banned_name_or_a_tangle_is_refused(house: Path, write: Write, path: str, text: str, complaint: str) -> None:
    write(path, text)
    assert complaint in refusal(house, "ruff", "check", "--no-cache", "--output-format=concise")


@pytest.mark.parametrize("room", ["src/eztong/desk", "tests/flows"])
def test_a_room_that_is_full_is_refused(house: Path, write: Write, room: str) -> None:
    for number in range(20):
        write(f"{room}/module_{number}.py", "")
    assert list(test_sizes.crowded_folders(house)) == []
    write(f"{room}/one_more.py", "")
    assert list(test_sizes.crowded_folders(house)) == [f"{room} has 21 modules; 20 is the most: divide it by subject"]


@pytest.mark.parametrize(
    ("gate", "path", "text", "complaint"),
    [
        (
            test_sizes.long_files,
            "src/eztong/a.py",
            "x = 1\n" * 400,
            "src/eztong/a.py has 401 lines",
        ),
        (
            test_sizes.long_functions,
            "bench/b.py",
            "def f():\n" + "    x = 1\n" * 50,
            "f has 51 lines",
        ),
        (test_sizes.vague_names, "tests/utils.py", "", "not utils"),
        (test_sizes.vague_names, "src/eztong/common/x.py", "", "not common"),
    ],
)
def test_a_shapeless_module_is_refused(
    gate: Gate, house: Path, write: Write, path: str, text: str, complaint: str
) -> None:
    assert list(gate(house)) == []
    write(path, text)
    assert any(complaint in fault for fault in gate(house))
