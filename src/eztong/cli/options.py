"""How a command comes by its settings."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click
from typing_extensions import override

from eztong.cli.console import say
from eztong.domain.errors import NotPermitted
from eztong.domain.feedback.ticket import WordsMissing, parse_words
from eztong.ports.services import Mode
from eztong.wiring.settings import Settings, read_settings

F = TypeVar("F", bound=Callable[..., Any])

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of database and keyring; instead of EZTONG_DATA_DIR (default: var).",
)
host_option = click.option("--host", help="Address to listen on; instead of EZTONG_HOST (default: 127.0.0.1).")


class WholeNumber(click.IntRange):
    """A number within bounds; what is none is refused in words that name them."""

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            bounds = f"from {self.min} on" if self.max is None else f"from {self.min} to {self.max}"
            self.fail(f"{value!r} is not a whole number {bounds}.", param, ctx)


class PortNumber(WholeNumber):
    """Where something listens; 0 is whichever is free."""

    def __init__(self) -> None:
        """Allow what TCP knows."""
        super().__init__(0, 65535)

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no port: give one from 1 to 65535, or 0 for whichever is free.", param, ctx)


port_option = click.option(
    "--port", type=PortNumber(), help="Port to listen on; instead of EZTONG_PORT (default: 8080)."
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
    """Return what was written for somebody to read. Call it when all else is asked and proven: no words may be lost.

    Raises:
        WordsMissing, WordsTooLong: nothing, or too much.
    """
    source = words_file or sys.stdin
    say_what_to_type(source, "Write the words, end with Ctrl-D on a line of its own.")
    try:
        return parse_words(source.read())
    except WordsMissing:
        raise WordsMissing("Nothing was written: give the words on standard input or with --words-file.") from None


def say_what_to_type(source: TextIO, what: str) -> None:
    """Tell a person at a terminal what a command waits for; a file or pipe has it already."""
    if source.isatty():
        say(what)


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
