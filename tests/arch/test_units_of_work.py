"""An act does nothing but through its unit of work: a store may run it twice, or undo it.

Whoever is given an act or a unit of work, and whatever is nested in it, is given nothing beside it that reaches outside
(the services, an observer, a limiter, an authority, a notifier, a hasher, a logger), and touches no such thing either.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from quality.trees import functions_of, trees

ROOT = Path(__file__).parents[2]
# What makes a function work inside a unit of work, by the type of a parameter or by its usual name.
INSIDE = frozenset({"Act", "UnitOfWork"})
INSIDE_NAMES = frozenset({"act", "uow"})
# What no such function may be given; a store or clock would open a second unit of work, or another moment.
OUTSIDE_TYPES = frozenset(
    {
        "Authority",
        "Built",
        "Clock",
        "CompanionSource",
        "Limiter",
        "LivePersonFactor",
        "Metrics",
        "Notifier",
        "Observer",
        "PasskeyVerifier",
        "SecretHasher",
        "Services",
        "Store",
        "Visit",
        "WebhookSender",
    }
)
# Fields of the bundle of services, and names that modules give their logger.
OUTSIDE = frozenset(
    {
        "authority",
        "clock",
        "companions",
        "limiter",
        "live_person",
        "log",
        "_log",
        "logger",
        "logging",
        "metrics",
        "notifier",
        "observer",
        "secret_hasher",
        "services",
        "staff_hasher",
        "structlog",
    }
)
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def effects_in_units_of_work(root: Path) -> Iterator[str]:
    """Name each place in a function inside a unit of work that is given, or reaches, what is outside it."""
    for path, tree in trees(root / "src"):
        place = path.relative_to(root)
        for node in functions_of(tree):
            if is_inside(node):
                for line, name in sorted({*given(node), *touched(node)}):
                    yield f"{place}:{line} has {name} inside a unit of work"


def is_inside(function: Function) -> bool:
    """Say whether the function works inside a unit of work: by a parameter's type, or by its name where it has none."""
    return any(
        names_in(each) & INSIDE if each.annotation else each.arg.lstrip("_") in INSIDE_NAMES
        for each in parameters(function)
    )


def parameters(function: Function) -> list[ast.arg]:
    """Return every parameter, also the ones that take the rest."""
    arguments = function.args
    rest = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest]


def names_in(argument: ast.arg) -> set[str]:
    """Return the names of the types that a parameter may have; what a callable takes and gives is not among them."""
    match argument.annotation:
        case None:
            return set()
        case ast.Constant(value=str(quoted)):
            return set(types_of(ast.parse(quoted, mode="eval").body))
        case annotation:
            return set(types_of(annotation))


def types_of(annotation: ast.expr) -> Iterator[str]:
    """Give the names in a type: ``X``, ``room.X``, ``X | None``, ``list[X]``."""
    match annotation:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.BinOp(left=left, right=right):
            yield from types_of(left)
            yield from types_of(right)
        case ast.Subscript(value=outer, slice=inner) if "Callable" not in set(types_of(outer)):
            for one in inner.elts if isinstance(inner, ast.Tuple) else [inner]:
                yield from types_of(one)


def given(function: Function) -> Iterator[tuple[int, str]]:
    """Return line and name of every parameter, also of functions within, that reaches outside."""
    for node in ast.walk(function):
        if isinstance(node, Function):
            for each in parameters(node):
                if each.arg in OUTSIDE or names_in(each) & OUTSIDE_TYPES:
                    yield each.lineno, each.arg


def touched(function: Function) -> Iterator[tuple[int, str]]:
    """Return line and name of everything in the body that is none of the unit of work's business."""
    body = function.body if isinstance(function.body, list) else [function.body]
    for node in (found for statement in body for found in ast.walk(statement)):
        if isinstance(node, ast.Attribute) and node.attr in OUTSIDE:
            yield node.lineno, node.attr
        elif isinstance(node, ast.Name) and node.id in OUTSIDE:
            yield node.lineno, node.id


def bare_units_of_work(root: Path) -> Iterator[str]:
    """Name each function of a use case that takes a unit of work without the rest of an act."""
    for path, tree in trees(root / "src" / "eztong" / "usecases"):
        for node in functions_of(tree):
            for each in parameters(node):
                if each.arg == "uow" or "UnitOfWork" in names_in(each):
                    yield f"{path.relative_to(root)}:{node.lineno} takes a unit of work: take the act"


def acts_that_are_not_first(root: Path) -> Iterator[str]:
    """Name each function that takes an act, but not as its first parameter, by the name that all others use."""
    for path, tree in trees(root / "src"):
        for node in functions_of(tree):
            found = [(place, each.arg) for place, each in enumerate(parameters(node)) if "Act" in names_in(each)]
            if found not in ([], [(0, "act")]):
                yield f"{path.relative_to(root)}:{node.lineno} takes an act, but not first"


def test_no_unit_of_work_of_ours_reaches_outside() -> None:
    assert list(effects_in_units_of_work(ROOT)) == []


def test_every_use_case_takes_an_act_and_takes_it_first() -> None:
    assert [*bare_units_of_work(ROOT), *acts_that_are_not_first(ROOT)] == []


def broken(tmp_path: Path, code: str) -> Path:
    """Return a house with this module among its use cases."""
    place = tmp_path / "src" / "eztong" / "usecases" / "broken.py"
    place.parent.mkdir(parents=True)
    place.write_text(code, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "code",
    [
        "async def settle(uow):\n    limiter.hit(LIMIT, 'somebody')\n",
        "def settle(work: UnitOfWork):\n    if work:\n        bundle.limiter.check(LIMIT, 'x')\n",
        "def door(services):\n    store.write(lambda uow: services.authority)\n",
        "def door(bundle):\n    def job(_uow):\n        _log.info('committed')\n",
        "def job(uow):\n    logging.getLogger('x').info('committed')\n",
        "def settle(act: Act):\n    now = bundle.clock.now()\n",
        "def settle(act: Act, holder: Holder):\n    def tell() -> None:\n        observer.registration('approve')\n",
        "def settle(act: Act):\n    return lambda: bundle.secret_hasher\n",
        "def settle(act: Act, bundle: Services): ...\n",
        "def settle(act: Act, *, bundle: services.Services | None = None): ...\n",
        "def settle(act: 'Act', *all: Notifier): ...\n",
        "def settle(act: Act, hashers: Sequence[SecretHasher]): ...\n",
        "def settle(act: Act):\n    def later(asked: Authority) -> None: ...\n",
        "def settle(work: UnitOfWork, deployment: Deployment, observer): ...\n",
        "class Settling:\n    async def settle(self, act: Act, seen: Observer) -> None: ...\n",
    ],
)
def test_a_unit_of_work_that_reaches_outside_is_found(tmp_path: Path, code: str) -> None:
    assert len({found.split(" has ")[0] for found in effects_in_units_of_work(broken(tmp_path, code))}) == 1


@pytest.mark.parametrize(
    "code",
    [
        (
            "def door(services: Services):\n"
            "    services.limiter.hit(LIMIT, 'x')\n"
            "    verdict = services.perform(HOLDER, settle, 'x')\n"
            "    services.observer.registration(verdict)\n"
        ),
        "def perform(services: Services, use_case: Callable[Concatenate[Act, P], T]) -> T:\n    services.clock.now()\n",
        "def choose(act: str, services: Services):\n    services.limiter.hit(LIMIT, act)\n",
    ],
)
def test_what_happens_before_and_after_a_unit_of_work_is_free(tmp_path: Path, code: str) -> None:
    assert list(effects_in_units_of_work(broken(tmp_path, code))) == []


@pytest.mark.parametrize(
    "code",
    [
        "def settle(holder: Holder, *, uow: UnitOfWork): ...\n",
        "def settle(work: UnitOfWork): ...\n",
        "job = lambda uow: uow.holders.get('x')\n",
        "def settle(holder: Holder, act: Act): ...\n",
        "def settle(doing: Act): ...\n",
        "def settle(holder: Holder, *, act: Act): ...\n",
    ],
)
def test_a_use_case_that_takes_less_than_an_act_or_takes_it_later_is_found(tmp_path: Path, code: str) -> None:
    house = broken(tmp_path, code)
    assert len([*bare_units_of_work(house), *acts_that_are_not_first(house)]) == 1
