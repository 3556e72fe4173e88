"""How a command comes by its settings."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from eztong.domain.errors import NotPermitted
from eztong.domain.feedback.ticket import parse_words
from eztong.ports.services import Mode
from eztong.wiring.settings import Settings, read_settings

F = TypeVar("F", bound=Callable[..., Any])

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of database and keyring; instead of EZTONG_DATA_DIR (default: var).",
)
host_option = click.option("--host", help="Address to listen on; instead of EZTONG_HOST (default: 127.0.0.1).")
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on; instead of EZTONG_PORT (default: 8080)."
)


number_option = click.option(
    "--number-file",
    type=click.File("r", encoding="utf-8"),
    help="File with the citizen number; without it the number is asked for, or read from standard input.",
)


def words_option(what: str) -> Callable[[F], F]:
    """Take words from a file, or else from standard input; ``what`` names them in the help."""
    return click.option(
        "--words-file",
        type=click.File("r", encoding="utf-8"),
        help=f"File with {what}.",
    )


def read_words(words_file: TextIO | None) -> str:
    """Return what was written for somebody to read.

    Raises:
        WordsMissing, WordsTooLong: nothing, or too much.
    """
    return parse_words((words_file or sys.stdin).read())


def read_number(number_file: TextIO | None) -> str:
    """Return the citizen number that a command is about; it is never an option, so that no shell history keeps it."""
    if number_file is not None:
        return number_file.readline().strip()
    if sys.stdin.isatty():
        number: str = click.prompt("Citizen number", err=True)
        return number
    return sys.stdin.readline().strip()


def settings_in(data_dir: Path | None, **overrides: object) -> Settings:
    """Read the settings, with what the command line says instead.

    Raises:
        SettingsInvalid: naming the variable.
    """
    return read_settings(data_dir=data_dir, **overrides)


def require_sandbox(settings: Settings) -> None:
    """Refuse what exists for invented people only.

    Raises:
        NotPermitted: the settings say live mode.
    """
    if settings.mode is not Mode.SANDBOX:
        raise NotPermitted("This exists in sandbox mode only.")
