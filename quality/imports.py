"""How modules import each other: circles, and arrows that point up. What the gates refuse, import-linter says."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

import grimp

PRODUCT: Final = "eztong"


def imports() -> grimp.ImportGraph:
    """Return the graph of the product's imports, type-only ones included."""
    return grimp.build_graph(PRODUCT, cache_dir=None)


def circles(graph: grimp.ImportGraph) -> Iterator[str]:
    """Name a circle among the modules of the product, and one among the parts of each folder, wherever there is one."""
    packages = sorted(name for name in graph.modules if graph.find_children(name))
    for package in packages:
        found = _circle({part: _leans_on(part, package, graph) for part in graph.find_children(package)})
        if found:
            yield f"{package}: {' > '.join(one.rpartition('.')[2] for one in found)}"
    every = _circle({name: graph.find_modules_directly_imported_by(name) for name in graph.modules})
    if every:
        yield f"modules: {' > '.join(every)}"


def arrows_up(graph: grimp.ImportGraph, root: Path) -> Iterator[str]:
    """Give each import from a room to one that stands above it or beside it."""
    floors = _floors(root)
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            below, above = _room(importer), _room(imported)
            if below != above and floors.get(above, -1) >= floors.get(below, len(floors)):
                yield f"{importer} -> {imported}"


def _leans_on(part: str, package: str, graph: grimp.ImportGraph) -> set[str]:
    inside = {part} | graph.find_descendants(part)
    imported = {one for name in inside for one in graph.find_modules_directly_imported_by(name)} - inside
    depth = package.count(".") + 2
    named = {".".join(one.split(".")[:depth]) for one in imported if one.startswith(f"{package}.")}
    return named - {part}


def _circle(leans_on: Mapping[str, set[str]]) -> Sequence[str]:
    try:
        TopologicalSorter(leans_on).prepare()
    except CycleError as error:
        found: Sequence[str] = error.args[1]
        return found
    return ()


def _floors(root: Path) -> Mapping[str, int]:
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    (layers,) = (one["layers"] for one in settings["tool"]["importlinter"]["contracts"] if one["id"] == "layers")
    return {room.strip("( )"): floor for floor, row in enumerate(reversed(layers)) for room in row.split("|")}


def _room(module: str) -> str:
    return ([*module.split("."), ""])[1]
