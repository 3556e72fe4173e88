"""Syntax trees of our own modules, for the gates that read them: each text is parsed once in a process."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path


def tree_of(path: Path) -> ast.Module:
    """Return the tree of a module, which nobody changes."""
    return _parsed(path.read_text(encoding="utf-8"))


def trees(folder: Path, *, naming: str = "") -> Iterator[tuple[Path, ast.Module]]:
    """Give every module under ``folder`` in order; with ``naming`` those alone in whose text that stands anywhere."""
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if naming in text:
            yield path, _parsed(text)


@cache
def functions_of(tree: ast.Module) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, ...]:
    """Return every function of a module, also those within others, in the order of a walk."""
    return tuple(
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    )


def let_go() -> None:
    """Forget every tree: a process that ends looks through all of them for garbage, three times over."""
    functions_of.cache_clear()
    _parsed.cache_clear()


@cache
def _parsed(text: str) -> ast.Module:
    tree = ast.parse(text)
    # It stays until the end: looking through all trees for garbage takes longer than making them.
    gc.freeze()
    return tree
