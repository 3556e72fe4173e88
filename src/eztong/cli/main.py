"""The entry: which command is where, and how a failure is worded. A command's file is read when it is asked for."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

import click
from typing_extensions import override

from eztong import __version__
from eztong.cli.exits import FAULT, INTERRUPTED, OK, UNAVAILABLE, USAGE, code_of, epilog
from eztong.domain.errors import EztongError

PROGRAM: Final = "eztong"
_COMMANDS: Final[Mapping[str, str]] = {
    "agreements": "eztong.cli.agreements.commands:agreements",
    "applications": "eztong.cli.applications:applications",
    "audit": "eztong.cli.operators.audit:audit",
    "authority": "eztong.cli.server.authority:authority",
    "cases": "eztong.cli.cases.commands:cases",
    "completion": "eztong.cli.completion:completion",
    "config": "eztong.cli.configuration.commands:config",
    "db": "eztong.cli.data.db:db",
    "demo": "eztong.cli.demo.command:demo",
    "disputes": "eztong.cli.disputes:disputes",
    "doctor": "eztong.cli.doctor:doctor",
    "drill": "eztong.cli.drills.command:drill",
    "evidence": "eztong.cli.evidence:evidence",
    "feedback": "eztong.cli.feedback:feedback",
    "guardians": "eztong.cli.guardians:guardians",
    "holders": "eztong.cli.holders:holders",
    "incidents": "eztong.cli.incidents:incidents",
    "keys": "eztong.cli.keys.commands:keys",
    "live": "eztong.cli.live.commands:live",
    "operators": "eztong.cli.operators.commands:operators",
    "notices": "eztong.cli.notices:notices",
    "partners": "eztong.cli.partners.commands:partners",
    "policy": "eztong.cli.policy.commands:policy",
    "branding": "eztong.cli.branding.commands:branding",
    "proposals": "eztong.cli.operators.proposals:proposals",
    "retention": "eztong.cli.retention.commands:retention",
    "sandbox": "eztong.cli.sandbox.commands:sandbox",
    "serve": "eztong.cli.server.serve:serve",
    "deceased": "eztong.cli.death.commands:deceased",
    "texts": "eztong.cli.message_texts.commands:texts",
    "talks": "eztong.cli.talks.commands:talks",
    "version": "eztong.cli.version:version",
}


class _Commands(click.Group):
    """A group that imports a command when it is needed, so that a small command starts fast."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=epilog(
        "eztong demo                          see the whole service at work",
        "eztong serve                         run it, in sandbox mode on http://127.0.0.1:8080",
        "eztong sandbox credentials --json    what a partner's first request needs",
        "eztong doctor                        is this deployment ready?",
        "eztong live init                     go live, step by step",
    ),
)
@click.version_option(__version__, prog_name=PROGRAM)
@click.option(
    "--settings-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File of settings, as systemd reads it; what it says wins over the environment. It must be private (0600).",
)
def cli(settings_file: Path | None) -> None:
    """Run a self-hosted eID identity service: registration, codes, verification, consent, evidence.

    Settings are environment variables, EZTONG_...; options win over them.
    """
    if settings_file is not None:
        # The settings take a while to load; a command without a file does not wait for them here.
        from eztong.cli.live.environment_file import read_values  # noqa: PLC0415
        from eztong.wiring.machine.environment import take_into_environment  # noqa: PLC0415

        take_into_environment(read_values(settings_file))


def main() -> None:
    """Run the command line and end the process with its exit code."""
    open_missing_streams()
    sys.exit(run(sys.argv[1:]))


def open_missing_streams() -> None:
    """Let a stream that the caller closed lead nowhere: else the next file that is opened would be taken for it."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115 - it stays open


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code."""
    try:
        result = cli.main(list(arguments), prog_name=PROGRAM, standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USAGE
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more may be written to it.
        sys.stdout = None
        return OK
    except Exception as error:  # noqa: BLE001 - the last line: an operator gets a sentence, whatever it is
        return _say_failure(error)
    return result if isinstance(result, int) else OK


def _say_failure(error: Exception) -> int:
    if isinstance(error, EztongError):
        words, word, code = error.detail, error.code, code_of(type(error))
    elif isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        words, word, code = f"{error.strerror or type(error).__name__}{where}.", "system", UNAVAILABLE
    else:
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
        words, word, code = f"This is a fault of the program: {where}. Please report it.", "internal", FAULT
    click.echo(f"{PROGRAM}: {words} [{word}]", err=True)
    return code
