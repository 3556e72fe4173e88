"""``eztong operators``: who acts for the service in the console and on the command line, with which role."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import click

from eztong.cli.console import json_option, print_found, print_json, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.operators.break_glass import break_glass
from eztong.cli.operators.setting_up import invite, roles_
from eztong.cli.options import data_dir_option, number_option, read_number, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.operators.operator import Operator, OperatorRole
from eztong.ports.secret_hasher import SALT_BYTES
from eztong.ports.services import Services
from eztong.usecases.operators.find_by_number import index_of_number
from eztong.usecases.operators.manage_operators import (
    AddOperator,
    add_operator,
    disable_operator,
    link_operator,
    make_operator_secret,
    renew_secret,
)
from eztong.usecases.sandbox.demo_operators import keep_demo_access

_NO_FURTHER = "It is shown only now; it is stored hashed, and nobody can read it again."


@click.group(
    epilog=epilog(
        "eztong operators add li.na --role system",
        "eztong operators add wang.wei --role cases --role legal --operator li.na",
        "eztong operators list",
    )
)
def operators() -> None:
    """Add, list, disable and link operators, each with a secret of their own.

    The first operator of a service is added by whoever has its command line; every other one by an operator of role
    system. Have two of them: only another one gives a new secret to whoever lost theirs.
    """


@operators.command(
    epilog=epilog(
        "eztong operators add li.na --role system",
        "eztong operators add wang.wei --role cases --role legal --operator li.na",
    )
)
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in OperatorRole]),
    help="What the operator may do; repeatable.",
)
@by_operator(required=False)
@data_dir_option
@json_option
def add(*, name: str, roles: Sequence[str], operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Add the operator NAME and print the secret, which is shown this once. The first one needs the role system.

    NAME renews it before they count as another person than you.
    """
    with opened(settings_in(data_dir)) as built:
        services = built.services
        by = operator.proven(built)
        secret, hashed = _new_secret(services)
        command = AddOperator(name=name, roles=frozenset(OperatorRole(role) for role in roles), secret_hash=hashed)
        added = services.perform(by, add_operator, command)
    _print_secret(added, secret, as_json=as_json)


@operators.command("list", epilog=epilog("eztong operators list", "eztong operators list --json"))
@data_dir_option
@json_option
def list_(data_dir: Path | None, as_json: bool) -> None:
    """List the operators: roles, who added them, links to persons, who may know their secret and since when."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        found = stored.operators.list()
    columns = {"name": "name", "roles": "roles", "state": "state", "added by": "added_by", "linked": "linked"}
    secret = {
        "secret known to": "secret_known_to",
        "secret since": "secret_at",
        "they count until": "given_counts_until",
    }
    print_found([_described(one) for one in found.those], columns | secret, as_json=as_json)
    say_unreadable(found.unreadable)


@operators.command(epilog=epilog("eztong operators disable wang.wei --operator li.na"))
@click.argument("name")
@by_operator()
@data_dir_option
def disable(*, name: str, operator: Named, data_dir: Path | None) -> None:
    """Disable the operator NAME: from now on nothing is done in that name. What they did stays as it is."""
    disabled = perform_as(operator, data_dir, disable_operator, name)
    say(f"{disabled.name} is disabled.")


@operators.command("new-secret", epilog=epilog("eztong operators new-secret wang.wei --operator wang.wei"))
@click.argument("name")
@by_operator()
@data_dir_option
@json_option
def new_secret(*, name: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Give the operator NAME a new secret, printed this once: your own, or with role system anybody's.

    Whoever gives a secret knows it: until NAME renews it, both count as one person for what takes two.
    """
    with opened(settings_in(data_dir)) as built:
        services = built.services
        by = operator.proven(built)
        secret, hashed = _new_secret(services)
        renewed = services.perform(by, renew_secret, name, secret_hash=hashed)
        keep_demo_access(renewed.name, secret=secret, services=services)
    _print_secret(renewed, secret, as_json=as_json)


@operators.command(
    epilog=epilog(
        "eztong operators link wang.wei --operator li.na",
        "eztong operators link wang.wei --operator li.na --number-file number.txt",
    )
)
@click.argument("name")
@number_option
@by_operator()
@data_dir_option
def link(*, name: str, number_file: TextIO | None, operator: Named, data_dir: Path | None) -> None:
    """Link the operator NAME to the person that they are, by citizen number, with an account here or without.

    They decide nothing about themselves from then on, and two operators who are linked to one person are one, whatever
    takes two. No link is taken back, and nobody links themselves.
    """
    with opened(settings_in(data_dir)) as built:
        services = built.services
        by = operator.proven(built)
        index = index_of_number(read_number(number_file), services=services)
        linked = services.perform(by, link_operator, name, index=index)
    say(f"{linked.name} is linked to this person, and to {len(linked.persons)} in all.")


operators.add_command(break_glass)
operators.add_command(invite)
operators.add_command(roles_, "roles")


def _new_secret(services: Services) -> tuple[str, str]:
    secret = make_operator_secret(entropy=services.entropy)
    return secret, services.staff_hasher.make_hash(secret, salt=services.entropy.token(SALT_BYTES))


def _print_secret(operator: Operator, secret: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_described(operator) | {"secret": secret})
        return
    click.echo(secret)
    say(f"This is the secret of {operator.name}. {_NO_FURTHER}")


def _described(operator: Operator) -> dict[str, Any]:
    until = operator.given_counts_until
    return {
        "name": operator.name,
        "roles": sorted(operator.roles),
        "state": operator.state.value,
        "added_by": operator.added_by,
        "linked": len(operator.persons),
        "secret_known_to": sorted(operator.secret_known_to),
        "secret_at": None if operator.secret_at is None else render_time(operator.secret_at),
        "given_counts_until": None if until is None else render_time(until),
        "created_at": render_time(operator.created_at),
    }
