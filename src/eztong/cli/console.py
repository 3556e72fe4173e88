"""What goes to a person and what goes to a machine.

Results go to stdout, messages to stderr. With ``--json`` a command writes one JSON document to stdout and nothing else.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import click
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from eztong.domain.free_text import is_steering

_PIPE_WIDTH: Final = 160
_WORD: Final = re.compile(r"[\w.:+/@#*-]+")

json_option = click.option("--json", "as_json", is_flag=True, help="Write one JSON document to stdout, nothing else.")
apply_option = click.option("--apply", is_flag=True, help="Do it. Without this, only say what would be done.")


def out() -> Console:
    """Return the console of results."""
    return _console(sys.stdout.isatty(), stderr=False)


def err() -> Console:
    """Return the console of messages and progress."""
    return _console(sys.stderr.isatty(), stderr=True)


def _console(is_terminal: bool, *, stderr: bool) -> Console:
    # In a pipe nobody's window limits the lines: a table must not be cut there.
    return Console(stderr=stderr, highlight=False, soft_wrap=False, width=None if is_terminal else _PIPE_WIDTH)


def print_json(document: object) -> None:
    """Write one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def say(message: str) -> None:
    """Tell a person something that is no result."""
    click.echo(message, err=True)


def say_unreadable(count: int) -> None:
    """Tell a person how many rows are missing in what was listed, if any are; beside JSON, too."""
    if count:
        rows = "1 row" if count == 1 else f"{count} rows"
        say(f"{rows} could not be read; see eztong db check --full.")


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table of texts, which are never read as markup."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=place == 0)
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    out().print(table)


def print_found(
    found: Sequence[Mapping[str, Any]], columns: Mapping[str, str], *, as_json: bool, told: str = "listed"
) -> None:
    """Write what was found: as JSON, or as a table with ``columns``, the heading of each over the name of its value.

    Below the table a person is told how many, and that they are ``told``: of nothing a heading alone says nothing.
    """
    if as_json:
        print_json(found)
        return
    if found:
        print_rows(tuple(columns), [[_cell(one[name]) for name in columns.values()] for one in found])
    if told:
        say(f"{len(found)} {told}.")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return " ".join(map(str, value)) if isinstance(value, list) else render_value(value)


def plain(text: object) -> str:
    """Return a text from elsewhere without anything that could steer the terminal, the lines or their direction."""
    return "".join("\ufffd" if is_steering(char) else char for char in str(text))


def progress() -> Progress:
    """Return a progress bar on stderr; without a terminal it stays silent."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=err(),
        disable=not sys.stderr.isatty(),
    )


def render_value(value: Any) -> str:  # noqa: ANN401 - a value of a JSON document
    """Return a value of a JSON document for a person, on one line.

    Beside other values a text with more than a word in it stands in quotation marks: what somebody wrote must not look
    like a value of its own.
    """
    if isinstance(value, dict):
        return ", ".join(f"{plain(name)}={_render_beside(inner)}" for name, inner in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(_render_beside(inner) for inner in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else plain(value)


def _render_beside(value: object) -> str:
    if isinstance(value, dict | list):
        return f"({render_value(value)})"
    if isinstance(value, str) and not _WORD.fullmatch(value):
        return json.dumps(plain(value), ensure_ascii=False)
    return render_value(value)
