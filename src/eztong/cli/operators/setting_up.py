"""``eztong operators invite`` and ``roles``: who may set up the console, and what an operator may do there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from eztong.cli.console import json_option, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.operators.session import SET_UP_PATH
from eztong.usecases.operators.manage_operators import change_roles, make_operator_secret
from eztong.usecases.operators.set_up_operator import invite_operator


@click.command(epilog=epilog("eztong operators invite wang.wei --operator li.na"))
@click.argument("name")
@by_operator()
@data_dir_option
@json_option
def invite(*, name: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Invite the operator NAME to set up the console: a new secret, which you do not see, and an authenticator app.

    Prints a word that works for 24 hours, once; it is also the way back for whoever lost their secret or app. Until
    they have used it and a day has passed, the two of you count as one person for what takes two.
    """
    settings = settings_in(data_dir)
    with opened(settings) as built:
        by = operator.proven(built)
        word = make_operator_secret(entropy=built.services.entropy)
        invited = built.services.perform(by, invite_operator, name, word=word)
        page = f"{built.services.deployment.public_url}{SET_UP_PATH}"
    until = None if invited.invite_until is None else render_time(invited.invite_until)
    if as_json:
        print_json({"name": invited.name, "word": word, "page": page, "until": until})
        return
    click.echo(word)
    say(f"{invited.name} opens {page} before {until} and gives their name and this word. It is shown only now.")


@click.command(epilog=epilog("eztong operators roles wang.wei --role cases --role legal --operator li.na"))
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in OperatorRole]),
    help="What the operator may do from now on; repeatable. Roles that are not named end.",
)
@by_operator()
@data_dir_option
@json_option
def roles_(*, name: str, roles: Sequence[str], operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Give the operator NAME these roles instead of the ones before. Nobody changes their own."""
    changed = perform_as(operator, data_dir, change_roles, name, frozenset(OperatorRole(role) for role in roles))
    if as_json:
        print_json({"name": changed.name, "roles": sorted(changed.roles)})
    else:
        say(f"{changed.name} has now: {', '.join(sorted(changed.roles))}.")
