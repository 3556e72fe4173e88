"""A job does nothing but through its unit of work: a store may run it twice, or undo it.

Whoever is given a ``uow`` counts no metric, spends no limit, asks no authority and writes no log line.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNIT_OF_WORK = "uow"
# Attributes of the bundle of services, and names that modules give their logger.
OUTSIDE = frozenset({"observer", "limiter", "authority", "metrics", "structlog", "logging", "_log", "log", "logger"})
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def effects_in_units_of_work(root: Path) -> Iterator[str]:
    """Name each place in a function with a parameter ``uow`` that reaches outside it."""
    for path in sorted((root / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Function) and takes_unit_of_work(node):
                for line, name in touched(node):
                    yield f"{path.relative_to(root)}:{line} touches {name} inside a unit of work"


def takes_unit_of_work(function: Function) -> bool:
    """Say whether the function works inside a unit of work: by its parameter's name or type."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return any(each.arg.lstrip("_") == UNIT_OF_WORK or annotated(each) == "UnitOfWork" for each in every)


def annotated(argument: ast.arg) -> str:
    """Return the parameter's type as it is written."""
    return "" if argument.annotation is None else ast.unparse(argument.annotation).strip("'\"")


def touched(function: Function) -> Iterator[tuple[int, str]]:
    """Return line and name of everything in the body that is none of the unit of work's business."""
    body = function.body if isinstance(function.body, list) else [function.body]
    for node in (found for statement in body for found in ast.walk(statement)):
        if isinstance(node, ast.Attribute) and node.attr in OUTSIDE:
            yield node.lineno, node.attr
        elif isinstance(node, ast.Name) and node.id in OUTSIDE:
            yield node.lineno, node.id


def test_no_unit_of_work_of_ours_reaches_outside() -> None:
    assert list(effects_in_units_of_work(ROOT)) == []


@pytest.mark.parametrize(
    "code",
    [
        "def settle(holder, *, uow, services):\n    services.observer.registration('approve')\n",
        "async def settle(uow):\n    limiter.hit(LIMIT, 'somebody')\n",
        "def settle(work: UnitOfWork, services):\n    if work:\n        services.limiter.check(LIMIT, 'x')\n",
        "def door(services):\n    services.store.write(lambda uow: services.authority.match(name=1))\n",
        "def door(services):\n    def job(_uow):\n        _log.info('committed')\n",
        "def job(uow):\n    logging.getLogger('x').info('committed')\n",
    ],
)
def test_a_unit_of_work_that_reaches_outside_is_found(tmp_path: Path, code: str) -> None:
    place = tmp_path / "src" / "eztong" / "broken.py"
    place.parent.mkdir(parents=True)
    place.write_text(code, encoding="utf-8")
    assert len(list(effects_in_units_of_work(tmp_path))) == 1


def test_what_happens_before_and_after_a_unit_of_work_is_free(tmp_path: Path) -> None:
    place = tmp_path / "src" / "eztong" / "whole.py"
    place.parent.mkdir(parents=True)
    place.write_text(
        "def door(services):\n"
        "    services.limiter.hit(LIMIT, 'x')\n"
        "    verdict = services.store.write(lambda uow: uow.holders.get('x')).value\n"
        "    services.observer.registration(verdict)\n",
        encoding="utf-8",
    )
    assert list(effects_in_units_of_work(tmp_path)) == []
