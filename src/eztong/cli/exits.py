"""Exit codes that mean something, and the epilog that says so."""

from __future__ import annotations

from typing import Final

import click

from eztong.domain.errors import EztongError, InputInvalid, Unavailable

OK: Final = 0
WRONG: Final = 1
USAGE: Final = 2
STATE: Final = 3
UNAVAILABLE: Final = 4
FAULT: Final = 5
INTERRUPTED: Final = 130

_MEANING: Final = (
    "\b\nExit codes:\n"
    "  0  done\n"
    "  1  what was checked is not right: a proof, the deployment, the database, a step of the demo\n"
    "  2  the command or a setting cannot be understood\n"
    "  3  the state does not allow it\n"
    "  4  something needed is unavailable\n"
    "  5  a fault of the program itself"
)


def epilog(*examples: str) -> str:
    """Return the end of a command's help: its examples, one on each line, and what the exit codes mean."""
    shown = "\n".join(f"  {example}" for example in examples)
    return f"\b\nExamples:\n{shown}\n\n{_MEANING}" if examples else _MEANING


def code_of(kind: type[EztongError]) -> int:
    """Return the exit code of an expected failure."""
    if issubclass(kind, Unavailable):
        return UNAVAILABLE
    return USAGE if issubclass(kind, InputInvalid) else STATE


def say_wrong() -> None:
    """End the command: what it checked is not right."""
    click.get_current_context().exit(WRONG)
