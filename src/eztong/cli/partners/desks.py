"""``eztong partners desks``: where a partner's staff check codes."""

from __future__ import annotations

from pathlib import Path

import click

from eztong.cli.console import apply_option, json_option, print_found, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.identifiers import PartnerId
from eztong.usecases.desks.end_desk import end_desk, find_desk, open_desk_again
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.partners.register_desk import register_desk


@click.group(epilog=epilog("eztong partners desks list hotel", "eztong partners desks add hotel front-3 --name 前台三"))
def desks() -> None:
    """List, add and end desks of a partner, and open them again."""


@desks.command("list", epilog=epilog("eztong partners desks list hotel", "eztong partners desks list hotel --json"))
@click.argument("partner")
@data_dir_option
@json_option
def list_(partner: str, data_dir: Path | None, as_json: bool) -> None:
    """List the desks of PARTNER, open and ended."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        find_partner(PartnerId(partner), stored=stored)
        found = [
            {
                "desk": one.desk,
                "name": one.name,
                "state": "open" if one.is_open else "ended",
                "ended_at": None if one.ended_at is None else render_time(one.ended_at),
            }
            for one in stored.partners.all_desks(PartnerId(partner))
        ]
    columns = {"desk": "desk", "name": "name", "state": "state", "ended": "ended_at"}
    print_found(found, columns, as_json=as_json)


@desks.command(epilog=epilog("eztong partners desks add hotel front-3 --name 前台三 --operator li.na"))
@click.argument("partner")
@click.argument("desk")
@click.option("--name", required=True, help="What the partner calls it; holders read it.")
@by_operator(required=False)
@data_dir_option
def add(*, partner: str, desk: str, name: str, operator: Named, data_dir: Path | None) -> None:
    """Add the desk DESK, a new id, to PARTNER."""
    perform_as(operator, data_dir, register_desk, PartnerId(partner), desk, name)
    say(f"{partner} has the desk {desk}.")


@desks.command(
    epilog=epilog(
        "eztong partners desks end hotel front-2 --operator li.na",
        "eztong partners desks end hotel front-2 --operator li.na --apply --confirm front-2",
    )
)
@click.argument("partner")
@click.argument("desk")
@click.option("--confirm", metavar="DESK", help="The desk's id again; without it you are asked to type it.")
@apply_option
@by_operator(required=False)
@data_dir_option
def end(*, partner: str, desk: str, confirm: str | None, apply: bool, operator: Named, data_dir: Path | None) -> None:
    """End the desk DESK of PARTNER: it takes no code from now on. Without --apply: say what would be done.

    Staff who work there choose another desk, and its counter's QR code stops working. Its record stays, and
    `eztong partners desks open` opens it again.
    """
    if not apply:
        with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
            found = find_desk(PartnerId(partner), desk, stored=stored)
        say(f"{desk} ({found.name}) is {'open' if found.is_open else 'ended already'}.")
        say("Nothing was done; add --apply to end it.")
        return
    typed: str = confirm if confirm is not None else click.prompt(f"Type the id of the desk {desk}", err=True)
    perform_as(operator, data_dir, end_desk, PartnerId(partner), desk, typed=typed)
    say(f"{desk} is ended. It is opened again by: eztong partners desks open {partner} {desk}")


@desks.command("open", epilog=epilog("eztong partners desks open hotel front-2 --operator li.na"))
@click.argument("partner")
@click.argument("desk")
@by_operator(required=False)
@data_dir_option
def open_(*, partner: str, desk: str, operator: Named, data_dir: Path | None) -> None:
    """Open the desk DESK of PARTNER again, which was ended."""
    perform_as(operator, data_dir, open_desk_again, PartnerId(partner), desk)
    say(f"{desk} is open.")
