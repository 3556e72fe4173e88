"""Which permissions a command's use cases ask for, as their source says it."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import FunctionType

import click

from eztong.cli.main import cli
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import PROPOSES, ProposalKind
from eztong.domain.own_data.sighting import StaffReads
from eztong.usecases.own_data.note_reading import READS, note_reading

_FOLLOWED = ("eztong.cli", "eztong.usecases")


def commands_of_operators() -> dict[str, click.Command]:
    """Return every command that an operator gives by name, by its words."""
    return {words: command for words, command in _walk(cli, ()) if _takes_operator(command)}


def asked_by(command: click.Command) -> frozenset[Permission]:
    """Return the permissions that the functions behind the command name."""
    callback = inspect.unwrap(command.callback) if command.callback is not None else None
    assert isinstance(callback, FunctionType)
    return _asked(callback)


def _walk(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield " ".join(words), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from _walk(found, (*words, name))


def _takes_operator(command: click.Command) -> bool:
    return any(one.name == "operator" for one in command.params)


def _asked(function: FunctionType) -> frozenset[Permission]:
    found: set[Permission] = set()
    seen: set[FunctionType] = set()
    waiting = [function]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        permissions, called = _named_in(one)
        found |= permissions
        waiting += called
    return frozenset(found)


@cache
def _named_in(function: FunctionType) -> tuple[frozenset[Permission], tuple[FunctionType, ...]]:
    """Return the permissions that a function's body names, and the functions of ours that it uses."""
    permissions: set[Permission] = set()
    reads: set[Permission] = set()
    called: list[FunctionType] = []
    for node in ast.walk(_body_of(function)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            permissions |= _meant(node.value.id, node.attr)
            reads |= {READS[StaffReads[node.attr]]} if node.value.id == "StaffReads" else set()
            called += _method(function, node.value.id, node.attr)
        elif isinstance(node, ast.Name):
            used = function.__globals__.get(node.id)
            target = inspect.unwrap(used) if inspect.isfunction(used) else None
            if isinstance(target, FunctionType) and target.__module__.startswith(_FOLLOWED):
                called.append(target)
    return frozenset(permissions | (reads if note_reading in called else set())), tuple(called)


def _method(function: FunctionType, parameter: str, name: str) -> list[FunctionType]:
    """Return the method that is called of a parameter whose class is ours."""
    kind = function.__globals__.get(str(function.__annotations__.get(parameter)))
    method = getattr(kind, name, None) if inspect.isclass(kind) and kind.__module__.startswith(_FOLLOWED) else None
    return [method] if isinstance(method, FunctionType) else []


def _body_of(function: FunctionType) -> ast.AST:
    return _functions_in(function.__module__)[function.__code__.co_firstlineno]


@cache
def _functions_in(module: str) -> Mapping[int, ast.AST]:
    """Return the functions of a module by the line on which they begin, their decorators included."""
    source = Path(sys.modules[module].__file__ or "").read_text(encoding="utf-8")
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return {min([node.lineno, *(one.lineno for one in node.decorator_list)]): node for node in found}


def _meant(name: str, attribute: str) -> set[Permission]:
    if name == "Permission":
        return {Permission[attribute]}
    if name == "ProposalKind":
        return {PROPOSES[ProposalKind[attribute]]}
    return set()
