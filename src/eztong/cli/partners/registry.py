"""``eztong partners create``, ``show``, ``scenes``: who may ask, and what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from eztong.cli.console import json_option, print_json, render_value, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import WholeNumber, data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.claims import Claim
from eztong.domain.holder import Assurance
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.freshness import MOST_DAYS, Freshness, WhenOld, default_freshness
from eztong.domain.partners.partner import Scene
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.desks.factor_rules import rule_of
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.partners.register_partner import (
    RegisterPartner,
    approve_scene,
    limit_scene,
    register_partner,
)

F = TypeVar("F", bound=Callable[..., Any])


def _fresh_days(*, required: bool = False) -> Callable[[F], F]:
    return click.option(
        "--fresh-days",
        required=required,
        type=WholeNumber(0, MOST_DAYS),
        help="Days within which the authority's confirmation of a person counts as fresh; 0: always.",
    )


def _when_old(*, required: bool = False) -> Callable[[F], F]:
    return click.option(
        "--when-old",
        required=required,
        type=click.Choice([one.value for one in WhenOld]),
        help="Beyond them: stale passes and says so in answer, proof and record; unavailable decides nothing.",
    )


@click.command(
    epilog=epilog('eztong partners create hotel-2 --name 示例酒店二店 --name-en "Demo Hotel 2" --sector hotel')
)
@click.argument("partner")
@click.option("--name", required=True, help="Registered name, as holders read it.")
@click.option("--name-en", required=True, help="The name in English.")
@click.option("--sector", help="Sector that fixes the partner codes; partners of one sector share them. [default: own]")
@by_operator(required=False)
@data_dir_option
@json_option
def create(
    *,
    partner: str,
    name: str,
    name_en: str,
    sector: str | None,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Register PARTNER, a new id, without an application: for the sandbox, or to prepare a service.

    It may ask nothing until `scenes add` approves a scene for it, and nothing about real people until it handed in an
    application and two operators let it go live.
    """
    command = RegisterPartner(
        partner_id=PartnerId(partner), name=name, name_en=name_en, sector_id=f"sector-{sector or partner}"
    )
    with opened(settings_in(data_dir)) as built:
        services = built.services
        services.perform(operator.proven(built), register_partner, command)
        with services.store.read() as stored:
            shown = shown_partner(command.partner_id, stored=stored)
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
        shown = shown_partner(PartnerId(partner), stored=stored)
    if as_json:
        print_json(shown)
        return
    for name, value in shown.items():
        values = value if isinstance(value, list) else [value]
        click.echo(f"{name:12} " + (f"\n{'':12} ".join(render_value(item) for item in values) or "none"))


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
@_fresh_days()
@_when_old()
@by_operator(required=False)
@data_dir_option
def add(
    *,
    partner: str,
    scene: str,
    floor: str,
    claims: Sequence[str],
    fresh_days: int | None,
    when_old: str | None,
    operator: Named,
    data_dir: Path | None,
    **texts: str,
) -> None:
    """Approve the scene SCENE, a new id, for PARTNER.

    Without --fresh-days the limit is EZTONG_RECHECK_MONTHS and 60 days; without --when-old an older confirmation passes
    as stale, and is unavailable with the floor high.
    """
    default = default_freshness(Assurance(floor), months=settings_in(data_dir).recheck_months)
    freshness = Freshness(
        default.days if fresh_days is None else fresh_days, WhenOld(when_old) if when_old else default.when_old
    )
    wanted = frozenset(Claim(claim) for claim in claims)
    approved = Scene(scene=scene, floor=Assurance(floor), claims=wanted, freshness=freshness, **texts)
    perform_as(operator, data_dir, approve_scene, PartnerId(partner), approved)
    say(f"{partner} may now ask in the scene {scene}.")


@scenes.command(
    epilog=epilog(
        "eztong partners scenes limit hotel hotel_check_in --fresh-days 90 --when-old stale",
        "eztong partners scenes limit bank open_account --fresh-days 30 --when-old unavailable",
    )
)
@click.argument("partner")
@click.argument("scene")
@_fresh_days(required=True)
@_when_old(required=True)
@by_operator(required=False)
@data_dir_option
def limit(*, partner: str, scene: str, fresh_days: int, when_old: str, operator: Named, data_dir: Path | None) -> None:
    """Change how old the identity authority's last word about a person may be in the scene SCENE of PARTNER.

    It counts from the next verification on, also while the service runs.
    """
    perform_as(operator, data_dir, limit_scene, PartnerId(partner), scene, Freshness(fresh_days, WhenOld(when_old)))
    until = (
        f"counts as fresh for {fresh_days} days; after that it is {when_old}" if fresh_days else "is taken at any age"
    )
    say(f"In the scene {scene} of {partner} a confirmation {until}.")


def shown_partner(partner_id: PartnerId, *, stored: Repositories) -> dict[str, Any]:
    """Return everything about the partner that a person or program may read."""
    partner = find_partner(partner_id, stored=stored)
    return {
        "id": partner.partner_id,
        "name": partner.name,
        "name_en": partner.name_en,
        "sector": partner.sector_id,
        "state": partner.state.value,
        "stage": partner.stage.value,
        "created_at": render_time(partner.created_at),
        "networks": list(partner.networks),
        "redirects": list(partner.redirects),
        "per_minute": partner.per_minute,
        "monthly_quota": None if partner.quota is None else partner.quota.amount,
        "over_quota": None if partner.quota is None else partner.quota.over.value,
        "applications": [one.application_id for one in stored.partner_applications.of_partner(partner_id)],
        "scenes": [_described(scene) for scene in stored.partners.scenes(partner_id).those],
        "desks": [
            {"id": one.desk, "name": one.name, "open": one.is_open} for one in stored.partners.all_desks(partner_id)
        ],
        "staff_factor": rule_of(partner, stored=stored).value,
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
        "fresh_days": None if scene.freshness is None else scene.freshness.days,
        "when_old": None if scene.freshness is None else scene.freshness.when_old.value,
        "application": scene.application_id,
    }
