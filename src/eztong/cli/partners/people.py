"""``eztong partners people``: who acts for a partner at the partner portal."""

from __future__ import annotations

from pathlib import Path

import click

from eztong.cli.console import json_option, print_found, print_json, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.identifiers import PartnerId
from eztong.domain.portal.person import PORTAL_SET_UP_PATH, PortalPerson, PortalRole
from eztong.ports.services import Services
from eztong.usecases.draw_password import make_password
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.portal.manage_people import (
    AddPerson,
    add_person,
    disable_person,
    end_sessions_of,
    invite_person,
)


@click.group(
    epilog=epilog(
        "eztong partners people add hotel chen --operator li.na",
        "eztong partners people list hotel",
    )
)
def people() -> None:
    """Invite, list and disable the people of a partner at its portal, and sign them out."""


@people.command(
    epilog=epilog(
        "eztong partners people add hotel chen --operator li.na",
        "eztong partners people add hotel qian --role auditor --operator li.na",
    )
)
@click.argument("partner")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([role.value for role in PortalRole]),
    default=PortalRole.ADMINISTRATOR.value,
    show_default=True,
    help="What the person may do; an administrator adds the others.",
)
@by_operator(required=False)
@data_dir_option
@json_option
def add(*, partner: str, name: str, role: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Add NAME to the portal of PARTNER, and print the word that invites them, this once."""
    with opened(settings_in(data_dir)) as built:
        services, by = built.services, operator.proven(built)
        word = make_password(entropy=services.entropy)
        command = AddPerson(partner_id=PartnerId(partner), name=name, role=PortalRole(role), word=word)
        person = services.perform(by, add_person, command)
        _print_word(person, word, services=services, as_json=as_json)


@people.command(epilog=epilog("eztong partners people invite hotel chen --operator li.na"))
@click.argument("partner")
@click.argument("name")
@by_operator(required=False)
@data_dir_option
@json_option
def invite(*, partner: str, name: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Invite NAME of PARTNER anew, who lost secret or app, and print the word, this once."""
    with opened(settings_in(data_dir)) as built:
        services, by = built.services, operator.proven(built)
        word = make_password(entropy=services.entropy)
        person = services.perform(by, invite_person, PartnerId(partner), name, word=word)
        _print_word(person, word, services=services, as_json=as_json)


@people.command("list", epilog=epilog("eztong partners people list hotel", "eztong partners people list hotel --json"))
@click.argument("partner")
@data_dir_option
@json_option
def list_(partner: str, data_dir: Path | None, as_json: bool) -> None:
    """List the people of PARTNER at its portal."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        find_partner(PartnerId(partner), stored=stored)
        found = stored.portal.list(PartnerId(partner))
    columns = {"sign-in name": "login", "role": "role", "state": "state", "set up": "set_up", "added": "created_at"}
    print_found([_described(person) for person in found.those], columns, as_json=as_json)
    say_unreadable(found.unreadable)


@people.command(epilog=epilog("eztong partners people disable hotel chen --operator li.na"))
@click.argument("partner")
@click.argument("name")
@by_operator(required=False)
@data_dir_option
def disable(*, partner: str, name: str, operator: Named, data_dir: Path | None) -> None:
    """Disable NAME of PARTNER for good: signed out at once, and the name is nobody else's."""
    perform_as(operator, data_dir, disable_person, PartnerId(partner), name)
    say(f"{name}@{partner} is disabled.")


@people.command(epilog=epilog("eztong partners people sign-out hotel chen --operator li.na"))
@click.argument("partner")
@click.argument("name")
@by_operator(required=False)
@data_dir_option
def sign_out(*, partner: str, name: str, operator: Named, data_dir: Path | None) -> None:
    """Sign NAME of PARTNER out in every browser."""
    ended = perform_as(operator, data_dir, end_sessions_of, PartnerId(partner), name)
    say(f"{name}@{partner} was signed in in {ended} browsers, and is in none now.")


def _print_word(person: PortalPerson, word: str, *, services: Services, as_json: bool) -> None:
    page = f"{services.deployment.public_url}{PORTAL_SET_UP_PATH}"
    until = None if person.invite_until is None else render_time(person.invite_until)
    if as_json:
        print_json(_described(person) | {"word": word, "page": page, "until": until})
        return
    click.echo(word)
    say(f"They open {page} before {until} and give the name {person.login} and this word. It is shown only now.")


def _described(person: PortalPerson) -> dict[str, object]:
    return {
        "login": person.login,
        "role": person.role.value,
        "state": person.state.value,
        "set_up": person.is_set_up,
        "created_at": render_time(person.created_at),
        "added_by": person.added_by,
    }
