"""``eztong partners``: relying parties, their API keys, and what they are at the Tencent Cloud door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click

from eztong.cli.console import json_option, print_found, print_json, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import WholeNumber, data_dir_option, settings_in
from eztong.cli.partners.account_keys import account_keys
from eztong.cli.partners.applications import (
    applications,
    apply_,
    approve,
    ask,
    refuse,
    review,
    supplement,
    withdraw,
)
from eztong.cli.partners.certificates import certificate
from eztong.cli.partners.desks import desks
from eztong.cli.partners.erasures import erasures
from eztong.cli.partners.expiring import days_option, expiring
from eztong.cli.partners.life_cycle import close, go_live, resume, suspend
from eztong.cli.partners.limits import networks, quota, rate, redirects
from eztong.cli.partners.merchants import merchants
from eztong.cli.partners.people import people
from eztong.cli.partners.registry import create as register
from eztong.cli.partners.registry import scenes, show
from eztong.cli.partners.webhooks import webhooks
from eztong.cli.service import opened
from eztong.cli.staff import staff
from eztong.domain.canonical_json import render_time
from eztong.domain.errors import NotFound
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.expiry import OVERLAP
from eztong.domain.partners.partner import ApiKey, Scope
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.partners.authenticate_partner import IssueApiKey, issue_api_key, revoke_api_key, rotate_api_key
from eztong.usecases.partners.find_partner import find_partner

_DEFAULT_SCOPES: Final = (Scope.VERIFY.value, Scope.READ.value, Scope.REQUEST.value, Scope.ERASURE.value)


@click.group(
    epilog=epilog("eztong partners list", "eztong partners keys create hotel --label front-desk --operator li.na")
)
def partners() -> None:
    """Review applications of partners, let them go live, suspend and close them; keep scenes, keys, webhooks.

    Whoever changes something names themselves with --operator, with role partners or system, unless nobody is an
    operator yet.
    """


_APPLYING = (apply_, applications, review, approve, refuse, ask, supplement, withdraw)
_LIFE = (register, show, go_live, suspend, resume, close, networks, redirects, rate, quota)
_KEPT = (scenes, account_keys, merchants, certificate, desks, staff, people, erasures, expiring, webhooks)
for _command in (*_APPLYING, *_LIFE, *_KEPT):
    partners.add_command(_command)


@partners.command("list", epilog=epilog("eztong partners list", "eztong partners list --json"))
@data_dir_option
@json_option
def list_(data_dir: Path | None, as_json: bool) -> None:
    """List the partners with their scenes, desks and live keys."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        now = built.services.clock.now()
        found = stored.partners.list().each(lambda one: _partner(one.partner_id, stored=stored, now=now))
    columns = {"partner": "id", "name": "name", "in English": "name_en", "state": "state"}
    rest = {"scenes": "scenes", "desks": "desks", "live keys": "live_keys"}
    print_found(found.those, columns | rest, as_json=as_json)
    say_unreadable(found.unreadable)


@partners.group(epilog=epilog("eztong partners keys list hotel"))
def keys() -> None:
    """Issue, rotate, list and revoke API keys."""


@keys.command("list", epilog=epilog("eztong partners keys list hotel --json"))
@click.argument("partner")
@data_dir_option
@json_option
def list_keys(partner: str, data_dir: Path | None, as_json: bool) -> None:
    """List the keys of PARTNER; what a key is, is shown only once, when it is made."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        find_partner(PartnerId(partner), stored=stored)
        found = [_described(key) for key in stored.partners.keys(PartnerId(partner))]
    columns = {"key": "key_id", "label": "label", "may do": "scopes", "issued": "created_at"}
    print_found(found, columns | {"ends": "expires_at", "revoked": "revoked_at"}, as_json=as_json)


@keys.command(
    epilog=epilog(
        "eztong partners keys create hotel --label front-desk",
        "eztong partners keys create hotel --label reports --scope verifications:read",
        "eztong partners keys create hotel --label trial --days 30 --operator li.na",
    )
)
@click.argument("partner")
@click.option("--label", required=True, help="What you call the key; no personal data.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    type=click.Choice([scope.value for scope in Scope]),
    default=_DEFAULT_SCOPES,
    show_default=True,
    help=f"What the key may do; repeatable: {', '.join(Scope)}.",
)
@days_option
@by_operator(required=False)
@data_dir_option
@json_option
def create(
    *,
    partner: str,
    label: str,
    scopes: Sequence[str],
    days: int,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Issue an API key for PARTNER and print it. It is shown this once and stored nowhere."""
    with opened(settings_in(data_dir)) as built:
        services = built.services
        command = IssueApiKey(
            partner_id=PartnerId(partner),
            label=label,
            scopes=frozenset(Scope(scope) for scope in scopes),
            live=not services.deployment.is_sandbox,
            life=timedelta(days=days) if days else None,
        )
        key, text = services.perform(operator.proven(built), issue_api_key, command)
    if as_json:
        print_json(_described(key) | {"api_key": text})
        return
    click.echo(text)
    say(f"This is {key.key_id} of {partner}. It is shown only now.")


@keys.command(
    epilog=epilog(
        "eztong partners keys rotate hotel key_01... --operator li.na",
        "eztong partners keys rotate hotel key_01... --overlap-days 0 --operator li.na",
    )
)
@click.argument("partner")
@click.argument("key_id")
@click.option(
    "--overlap-days",
    type=WholeNumber(0, 90),
    default=OVERLAP.days,
    show_default=True,
    help="How long the old key works beside the new one; 0: it is lost or known to others, and revoked at once.",
)
@days_option
@by_operator(required=False)
@data_dir_option
@json_option
def rotate(
    *,
    partner: str,
    key_id: str,
    overlap_days: int,
    days: int,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Issue a key in place of KEY_ID, with its label and scopes, and print it this once."""
    with opened(settings_in(data_dir)) as built:
        services = built.services
        command = IssueApiKey(
            partner_id=PartnerId(partner),
            label="",
            scopes=frozenset(),
            live=not services.deployment.is_sandbox,
            life=timedelta(days=days) if days else None,
        )
        overlap = timedelta(days=overlap_days)
        key, text = services.perform(operator.proven(built), rotate_api_key, key_id, command, overlap=overlap)
    if as_json:
        print_json(_described(key) | {"api_key": text})
        return
    click.echo(text)
    still = f"works for {overlap_days} more days at most" if overlap_days else "is revoked"
    say(f"This is {key.key_id} of {partner}. It is shown only now; {key_id} {still}.")


@keys.command(epilog=epilog("eztong partners keys revoke hotel key_01KF0000000000000000000000"))
@click.argument("partner")
@click.argument("key_id")
@by_operator(required=False)
@data_dir_option
def revoke(*, partner: str, key_id: str, operator: Named, data_dir: Path | None) -> None:
    """Revoke the key KEY_ID of PARTNER: from now on nothing is answered to it, on every door."""
    perform_as(operator, data_dir, revoke_api_key, PartnerId(partner), key_id)
    say(f"{key_id} is revoked.")


def _partner(partner_id: PartnerId, *, stored: Repositories, now: datetime) -> dict[str, Any]:
    partner = stored.partners.get(partner_id)
    if partner is None:
        raise NotFound
    keys = stored.partners.keys(partner_id)
    return {
        "id": partner_id,
        "name": partner.name,
        "name_en": partner.name_en,
        "state": partner.state.value,
        "scenes": [scene.scene for scene in stored.partners.scenes(partner_id).those],
        "desks": [one.desk for one in stored.partners.all_desks(partner_id) if one.is_open],
        "live_keys": sum(key.is_live(now) for key in keys),
    }


def _described(key: ApiKey) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "label": key.label,
        "scopes": sorted(scope.value for scope in key.scopes),
        "created_at": render_time(key.created_at),
        "expires_at": None if key.expires_at is None else render_time(key.expires_at),
        "revoked_at": None if key.revoked_at is None else render_time(key.revoked_at),
    }
