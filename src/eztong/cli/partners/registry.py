"""``eztong partners create``, ``show``, ``suspend``, ``resume``, ``scenes``: who may ask, and what."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from eztong.cli.console import json_option, print_json, render_value, say
from eztong.cli.exits import epilog
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.perform import perform
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.claims import Claim
from eztong.domain.holder import Assurance
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import PartnerState, Scene
from eztong.ports.act import OPERATOR
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.partners.register_partner import RegisterPartner, approve_scene, move_partner, register_partner


@click.command(
    epilog=epilog('eztong partners create hotel-2 --name 示例酒店二店 --name-en "Demo Hotel 2" --sector hotel')
)
@click.argument("partner")
@click.option("--name", required=True, help="Registered name, as holders read it.")
@click.option("--name-en", required=True, help="The name in English.")
@click.option("--sector", help="Sector that fixes the partner codes; partners of one sector share them. [default: own]")
@data_dir_option
@json_option
def create(*, partner: str, name: str, name_en: str, sector: str | None, data_dir: Path | None, as_json: bool) -> None:
    """Register PARTNER, a new id. It may ask nothing until `scenes add` approves a scene for it."""
    command = RegisterPartner(
        partner_id=PartnerId(partner), name=name, name_en=name_en, sector_id=f"sector-{sector or partner}"
    )
    with opened(settings_in(data_dir)) as built:
        services = built.services
        services.perform(OPERATOR, register_partner, command)
        with services.store.read() as stored:
            shown = _shown(command.partner_id, stored=stored)
    if as_json:
        print_json(shown)
    else:
        say(f"{partner} is registered. Next: eztong partners scenes add {partner} ...")


@click.command(epilog=epilog("eztong partners show hotel", "eztong partners show hotel --json"))
@click.argument("partner")
@data_dir_option
@json_option
def show(partner: str, data_dir: Path | None, as_json: bool) -> None:
    """Show PARTNER with its scenes, desks and merchants."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        shown = _shown(PartnerId(partner), stored=stored)
    if as_json:
        print_json(shown)
        return
    for name, value in shown.items():
        values = value if isinstance(value, list) else [value]
        click.echo(f"{name:12} " + (f"\n{'':12} ".join(render_value(item) for item in values) or "none"))


@click.command(epilog=epilog("eztong partners suspend hotel"))
@click.argument("partner")
@data_dir_option
def suspend(partner: str, data_dir: Path | None) -> None:
    """Suspend PARTNER: nothing is answered to it any more, on every door."""
    _move(partner, PartnerState.SUSPENDED, data_dir=data_dir)


@click.command(epilog=epilog("eztong partners resume hotel"))
@click.argument("partner")
@data_dir_option
def resume(partner: str, data_dir: Path | None) -> None:
    """Let the suspended PARTNER ask again."""
    _move(partner, PartnerState.APPROVED, data_dir=data_dir)


@click.group(epilog=epilog("eztong partners scenes add --help"))
def scenes() -> None:
    """Approve what a partner may do."""


@scenes.command(
    epilog=epilog(
        "eztong partners scenes add hotel-2 check_in --title 入住 --title-en Check-in \\",
        "    --purpose 办理入住登记 --purpose-en 'to check you in' --claim masked_name",
    )
)
@click.argument("partner")
@click.argument("scene")
@click.option("--title", required=True, help="Title in Chinese.")
@click.option("--title-en", required=True, help="Title in English.")
@click.option("--purpose", required=True, help="Purpose in Chinese, as holders read it.")
@click.option("--purpose-en", required=True, help="Purpose in English.")
@click.option(
    "--floor",
    type=click.Choice([level.value for level in Assurance]),
    default=Assurance.SUBSTANTIAL.value,
    show_default=True,
    help="What the scene demands of the account's state (restricted ones pass low only); no level of identity proof.",
)
@click.option(
    "--claim",
    "claims",
    multiple=True,
    type=click.Choice([claim.value for claim in Claim if claim is not Claim.IS_PERSON]),
    help="A claim that it may ask for; repeatable.",
)
@data_dir_option
def add(*, partner: str, scene: str, floor: str, claims: Sequence[str], data_dir: Path | None, **texts: str) -> None:
    """Approve the scene SCENE, a new id, for PARTNER."""
    approved = Scene(scene=scene, floor=Assurance(floor), claims=frozenset(Claim(claim) for claim in claims), **texts)
    perform(data_dir, approve_scene, PartnerId(partner), approved)
    say(f"{partner} may now ask in the scene {scene}.")


def _move(partner: str, state: PartnerState, *, data_dir: Path | None) -> None:
    perform(data_dir, move_partner, PartnerId(partner), state)
    say(f"{partner} is {state.value}.")


def _shown(partner_id: PartnerId, *, stored: Repositories) -> dict[str, Any]:
    partner = find_partner(partner_id, stored=stored)
    return {
        "id": partner.partner_id,
        "name": partner.name,
        "name_en": partner.name_en,
        "sector": partner.sector_id,
        "state": partner.state.value,
        "created_at": render_time(partner.created_at),
        "scenes": [_described(scene) for scene in stored.partners.scenes(partner_id)],
        "desks": [{"id": desk, "name": name} for desk, name in stored.partners.desks(partner_id)],
        "merchants": [
            {"merchant_id": merchant.merchant_id, "scene": merchant.scene, "state": merchant.state.value}
            for merchant in stored.merchants.list(partner_id)
        ],
    }


def _described(scene: Scene) -> dict[str, Any]:
    return {
        "id": scene.scene,
        "title": scene.title,
        "title_en": scene.title_en,
        "floor": scene.floor.value,
        "claims": " ".join(sorted(claim.value for claim in scene.claims)),
    }
