"""``eztong partners merchants``: what partners open E证通 flows as, and what clients of the contract differ in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from eztong.cli.console import json_option, print_found, print_json, render_value, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.eid.identity_envelope import PointPrefix
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.merchant import Merchant, MerchantOptions, MerchantState, UnfinishedAnswer
from eztong.usecases.merchants.register_merchant import (
    RegisterMerchant,
    change_options,
    move_merchant,
    register_merchant,
)
from eztong.usecases.partners.find_partner import find_partner


@click.group(
    epilog=epilog(
        "eztong partners merchants list hotel",
        "eztong partners merchants create hotel hotel_check_in --name 示例酒店",
    )
)
def merchants() -> None:
    """Register, list, suspend and set up merchants of the Tencent Cloud door."""


@merchants.command(epilog=epilog("eztong partners merchants create hotel hotel_check_in --name 示例酒店 --json"))
@click.argument("partner")
@click.argument("scene")
@click.option("--name", required=True, help="Name shown to holders.")
@by_operator(required=False)
@data_dir_option
@json_option
def create(*, partner: str, scene: str, name: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Register a merchant of PARTNER for its scene SCENE and print the MerchantId.

    Companion actions are on in the sandbox and off in live mode.
    """
    with opened(settings_in(data_dir)) as built:
        services = built.services
        command = RegisterMerchant(
            partner_id=PartnerId(partner),
            scene=scene,
            name=name,
            options=MerchantOptions(companions=services.deployment.is_sandbox),
        )
        merchant = services.perform(operator.proven(built), register_merchant, command)
    if as_json:
        print_json(_described(merchant))
    else:
        click.echo(merchant.merchant_id)


@merchants.command("list", epilog=epilog("eztong partners merchants list hotel --json"))
@click.argument("partner")
@data_dir_option
@json_option
def list_(partner: str, data_dir: Path | None, as_json: bool) -> None:
    """List the merchants of PARTNER with their options."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        find_partner(PartnerId(partner), stored=stored)
        found = [_described(merchant) for merchant in stored.merchants.list(PartnerId(partner))]
    columns = {"merchant": "merchant_id", "name": "name", "scene": "scene", "state": "state"}
    print_found(found, columns | {"options": "options", "certified key": "certified"}, as_json=as_json)


@merchants.command(
    epilog=epilog(
        "eztong partners merchants options 0EZTSANDBOXHOTEL",
        "eztong partners merchants options 0EZTSANDBOXHOTEL --point-prefix raw --unfinished empty",
        "eztong partners merchants options 0EZTSANDBOXHOTEL --no-companions",
        "eztong partners merchants options 0EZTSANDBOXHOTEL --guarded-release",
    )
)
@click.argument("merchant_id")
@click.option(
    "--point-prefix",
    type=click.Choice([prefix.value for prefix in PointPrefix]),
    help="How C1 of DesKey begins: with 04, or raw without it.",
)
@click.option(
    "--unfinished",
    type=click.Choice([answer.value for answer in UnfinishedAnswer]),
    help="What GetEidResult says of a flow that has not ended: code 17 or 15, or empty fields.",
)
@click.option("--companions/--no-companions", default=None, help="Actions that answer without the person's own act.")
@click.option(
    "--guarded-release/--no-guarded-release",
    default=None,
    help="Tell name and number only in flows that name the person (IdCard and Name) or show an intention.",
)
@by_operator(required=False)
@data_dir_option
@json_option
def options(
    *,
    merchant_id: str,
    point_prefix: str | None,
    unfinished: str | None,
    companions: bool | None,
    guarded_release: bool | None,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Change the options of MERCHANT_ID that are given, then show all of them."""

    def changed(before: MerchantOptions) -> MerchantOptions:
        return replace(
            before,
            point_prefix=before.point_prefix if point_prefix is None else PointPrefix(point_prefix),
            unfinished=before.unfinished if unfinished is None else UnfinishedAnswer(unfinished),
            companions=before.companions if companions is None else companions,
            guarded_release=before.guarded_release if guarded_release is None else guarded_release,
        )

    merchant = perform_as(operator, data_dir, change_options, merchant_id, changed)
    described = _described(merchant)["options"]
    if as_json:
        print_json(described)
    else:
        click.echo(render_value(described))


@merchants.command(epilog=epilog("eztong partners merchants suspend 0EZTSANDBOXHOTEL"))
@click.argument("merchant_id")
@by_operator(required=False)
@data_dir_option
def suspend(*, merchant_id: str, operator: Named, data_dir: Path | None) -> None:
    """Suspend MERCHANT_ID: it opens no flow; what it opened can still be read."""
    _move(merchant_id, MerchantState.SUSPENDED, operator=operator, data_dir=data_dir)


@merchants.command(epilog=epilog("eztong partners merchants resume 0EZTSANDBOXHOTEL"))
@click.argument("merchant_id")
@by_operator(required=False)
@data_dir_option
def resume(*, merchant_id: str, operator: Named, data_dir: Path | None) -> None:
    """Let the suspended MERCHANT_ID open flows again."""
    _move(merchant_id, MerchantState.ACTIVE, operator=operator, data_dir=data_dir)


def _move(merchant_id: str, state: MerchantState, *, operator: Named, data_dir: Path | None) -> None:
    perform_as(operator, data_dir, move_merchant, merchant_id, state)
    say(f"{merchant_id} is {state.value}.")


def _described(merchant: Merchant) -> dict[str, Any]:
    return {
        "merchant_id": merchant.merchant_id,
        "partner_id": merchant.partner_id,
        "scene": merchant.scene,
        "name": merchant.name,
        "state": merchant.state.value,
        "options": {
            "point_prefix": merchant.options.point_prefix.value,
            "unfinished": merchant.options.unfinished.value,
            "companions": merchant.options.companions,
            "guarded_release": merchant.options.guarded_release,
        },
        "certified": merchant.certified_key is not None,
        "created_at": render_time(merchant.created_at),
    }
