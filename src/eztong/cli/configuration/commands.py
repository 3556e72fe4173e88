"""``eztong config``: what is set up as a file that lives beside other code; compared, and applied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from eztong.cli.console import apply_option, json_option, print_json, print_rows, say
from eztong.cli.exits import epilog, say_wrong
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.configuration.difference import Difference, DifferenceKind
from eztong.domain.configuration.document import parse_configuration, render_configuration
from eztong.usecases.configuration.apply_configuration import ApplyConfiguration, apply_configuration
from eztong.usecases.configuration.compare_configuration import compare_configuration, read_configuration

_APPLY = "eztong config apply eztong.json --reason 'new hotel' --operator li.na"
_WOULD_CHANGE: Final = frozenset({DifferenceKind.ADD, DifferenceKind.CHANGE, DifferenceKind.BLOCKED})
_MEANS: Final = {
    DifferenceKind.ADD: "is added",
    DifferenceKind.CHANGE: "is changed",
    DifferenceKind.LEFT: "not in the file: stays as it is",
    DifferenceKind.WAITS: "waits for another operator, or for its day",
    DifferenceKind.BLOCKED: "no command changes it: nothing of the file is applied",
}
_file = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.group(epilog=epilog("eztong config export > eztong.json", "eztong config diff eztong.json", f"{_APPLY} --apply"))
def config() -> None:
    """Keep partners with what they may, the policy and the branding as a file: without secrets, people or keys.

    Of a partner: scenes, claims, desks, networks, addresses to return to, rate, merchants. Certificates are no part.

    What the file does not name stays as it is: nothing is ever closed or taken away by it.
    """


@config.command(epilog=epilog("eztong config export > eztong.json"))
@data_dir_option
def export(*, data_dir: Path | None) -> None:
    """Write what is set up to standard output, as JSON in one order."""
    with opened(settings_in(data_dir)) as built:
        now = built.services.clock.now()
        with built.services.store.read() as stored:
            found = read_configuration(stored=stored, now=now)
    click.echo(render_configuration(found), nl=False)


@config.command(epilog=epilog("eztong config diff eztong.json", "eztong config diff eztong.json --json"))
@_file
@data_dir_option
@json_option
def diff(*, file: Path, data_dir: Path | None, as_json: bool) -> None:
    """Say what applying FILE would change; exits with 1 if anything would, or is blocked."""
    differences = _compared(file, data_dir)
    _print(differences, as_json=as_json, is_applied=False)
    if any(one.kind in _WOULD_CHANGE for one in differences):
        say_wrong()


@config.command(epilog=epilog(_APPLY, f"{_APPLY} --apply"))
@_file
@click.option("--reason", required=True, help="Why; it goes on record. No personal data.")
@by_operator()
@data_dir_option
@apply_option
@json_option
def apply(*, file: Path, reason: str, operator: Named, data_dir: Path | None, apply: bool, as_json: bool) -> None:
    """Set up what FILE says: all of it or nothing. Doing it again changes nothing.

    Policy and branding are proposed, and another operator approves them. Without --apply this is `config diff`.
    """
    if not apply:
        _print(_compared(file, data_dir), as_json=as_json, is_applied=False)
        say("Nothing was changed; add --apply to do it.")
        return
    command = ApplyConfiguration(wanted=parse_configuration(file.read_bytes()), reason=reason)
    with opened(settings_in(data_dir)) as built:
        done = built.services.perform(operator.proven(built), apply_configuration, command)
    _print(done, as_json=as_json, is_applied=True)


def _compared(file: Path, data_dir: Path | None) -> Sequence[Difference]:
    wanted = parse_configuration(file.read_bytes())
    with opened(settings_in(data_dir)) as built:
        now = built.services.clock.now()
        with built.services.store.read() as stored:
            return compare_configuration(wanted, stored=stored, now=now)


def _print(differences: Sequence[Difference], *, as_json: bool, is_applied: bool) -> None:
    if as_json:
        print_json([_described(one) for one in differences])
        return
    if differences:
        rows = [(one.path, one.kind.value, one.there, one.wanted, _MEANS[one.kind]) for one in differences]
        print_rows(("where", "what", "there", "in the file", "what it means"), rows)
    count = sum(one.step is not None for one in differences)
    say(f"{count} changes {'were made' if is_applied else 'would be made'}.")


def _described(one: Difference) -> dict[str, Any]:
    return {"where": one.path, "what": one.kind.value, "there": one.there, "wanted": one.wanted}
