"""``eztong live``: from nothing to a service for real people."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from eztong.cli.console import json_option, print_json, print_rows, say
from eztong.cli.data.lock import looking
from eztong.cli.exits import epilog, say_wrong
from eztong.cli.live.asking import Answerer, Terminal, read_answers
from eztong.cli.live.environment_file import read_values
from eztong.cli.live.going import Going
from eztong.cli.live.questions import AnswerMissing, settings_for
from eztong.cli.live.steps import ASKED, STEPS
from eztong.cli.live.unit import own_program, unit_of
from eztong.domain.operators.posture import CheckFinding, Severity
from eztong.wiring.doctor import examine
from eztong.wiring.settings import PREFIX, Settings

_FILE = Path("/etc/eztong/settings.env")

_settings_file = click.option(
    "--settings-file",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=_FILE,
    show_default=True,
    help="The file of settings that the service is started with; it is made for this user alone (0600).",
)


@click.group(epilog=epilog("eztong live init", "eztong live init --answers answers.toml --dry-run"))
def live() -> None:
    """Go live: everything until `eztong doctor` is green, and what the service is started with."""


@live.command(
    epilog=epilog(
        "eztong live init",
        "eztong live init --answers answers.toml --dry-run",
        "eztong live init --answers answers.toml --settings-file /srv/eztong/settings.env",
    )
)
@_settings_file
@click.option(
    "--answers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File of answers (TOML, or JSON where its name ends so): settings in lower case without EZTONG_, and a table "
    "`try` with phone, email, public_ca_file. Nothing is asked and nothing guessed.",
)
@click.option("--again", is_flag=True, help="Ask also what is answered already.")
@click.option("--apply", "may_change", is_flag=True, help="Change what the file of settings says otherwise.")
@click.option("--dry-run", is_flag=True, help="Change and send nothing: say what would be done.")
@json_option
def init(*, path: Path, answers: Path | None, again: bool, may_change: bool, dry_run: bool, as_json: bool) -> None:
    """Lead through going live, as the service's user: questions, keys, database, authority, messages, TLS, doctor.

    Each step looks whether it is done, so the same command goes on where it stopped. It writes a file of settings for
    `eztong serve` and systemd, and replaces nothing there unasked. Secrets are never shown, and never arguments.
    """
    asking: Answerer
    if answers is not None:
        asking = read_answers(answers, may_change_all=may_change)
    elif sys.stdin.isatty():
        asking = Terminal()
    else:
        raise AnswerMissing("Nobody can be asked here. Give a file of answers: --answers FILE.")
    going = Going(asking, path.absolute(), is_dry=dry_run, asks_again=again)
    if dry_run:
        going.check_nothing_is_missing([one for questions in ASKED for one in questions])
    for number, (title, step) in enumerate(STEPS, start=1):
        with going.step(number, len(STEPS), title):
            step(going)
    settings = going.settings
    findings = _examined(settings)
    errors = going.problems + sum(one.severity is Severity.ERROR for one in findings)
    start = f"eztong --settings-file {going.path} serve"
    if as_json:
        print_json(
            {"steps": going.told, "findings": [one.record() for one in findings], "errors": errors, "start": start}
        )
    else:
        _print_end(going.path, findings, errors=errors, start=start)
    if errors:
        say_wrong()


@live.command(epilog=epilog("eztong live unit > /etc/systemd/system/eztong.service"))
@_settings_file
def unit(path: Path) -> None:
    """Print the systemd unit that serves the file of settings."""
    text = {name.removeprefix(PREFIX).lower(): value for name, value in read_values(path).items() if _is_own(name)}
    click.echo(unit_of(settings_for(text), settings_file=path.absolute(), program=own_program()), nl=False)


def _is_own(name: str) -> bool:
    return name.startswith(PREFIX)


def _examined(settings: Settings) -> list[CheckFinding]:
    if not settings.keyring.exists():
        return []
    with looking(settings.data_dir):
        return examine(settings)


def _print_end(path: Path, findings: list[CheckFinding], *, errors: int, start: str) -> None:
    if not findings:
        say("The doctor looks once keys and database are there.")
        return
    rows: list[Any] = [(one.check, one.severity.value, f"{one.message} {one.advice}".strip()) for one in findings]
    print_rows(("check", "result", "what was found (live mode)"), rows)
    if errors:
        say(f"{errors} errors. Mend them, and give the same command again.")
        return
    say("No error. Start it:")
    say(f"  {start}")
    say("or with systemd:")
    say(f"  eztong live unit --settings-file {path}     prints the unit, for /etc/systemd/system/eztong.service")
    say("  systemctl enable --now eztong")
