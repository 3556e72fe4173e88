"""``eztong partners account-keys``: SecretId and SecretKey pairs that partners sign with at the Tencent Cloud door."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from eztong.cli.console import json_option, print_found, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import WholeNumber, data_dir_option, settings_in
from eztong.cli.partners.expiring import days_option
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.merchant import AccountKey
from eztong.usecases.merchants.issue_account_key import IssuedKey, issue_account_key
from eztong.usecases.merchants.rotate_account_key import revoke_account_key, rotate_account_key
from eztong.usecases.partners.find_partner import find_partner


@click.group(
    "account-keys",
    epilog=epilog(
        "eztong partners account-keys create hotel --label server", "eztong partners account-keys list hotel"
    ),
)
def account_keys() -> None:
    """Issue, replace, list and revoke key pairs for Tencent Cloud SDKs."""


@account_keys.command(
    epilog=epilog(
        "eztong partners account-keys create hotel --label server",
        "eztong partners account-keys create hotel --label ci --minutes 30",
    )
)
@click.argument("partner")
@click.option("--label", required=True, help="What you call the key; no personal data.")
@click.option("--minutes", type=WholeNumber(1, 36 * 60), help="Make a temporary key with a token, for this long.")
@days_option
@by_operator(required=False)
@data_dir_option
@json_option
def create(
    *, partner: str, label: str, minutes: int | None, days: int, operator: Named, data_dir: Path | None, as_json: bool
) -> None:
    """Issue a key pair for PARTNER and print it. The SecretKey is shown this once."""
    life = None if minutes is None else timedelta(minutes=minutes)
    lasts = timedelta(days=days) if days else None
    issued = perform_as(operator, data_dir, issue_account_key, PartnerId(partner), label=label, life=life, lasts=lasts)
    _print_issued(issued, as_json=as_json)


@account_keys.command("list", epilog=epilog("eztong partners account-keys list hotel --json"))
@click.argument("partner")
@data_dir_option
@json_option
def list_(partner: str, data_dir: Path | None, as_json: bool) -> None:
    """List the key pairs of PARTNER, without their secrets."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        find_partner(PartnerId(partner), stored=stored)
        found = [_described(key) for key in stored.merchants.keys(PartnerId(partner))]
    columns = {"secret id": "secret_id", "label": "label", "issued": "created_at"}
    print_found(found, columns | {"ends": "expires_at", "revoked": "revoked_at"}, as_json=as_json)


@account_keys.command(
    epilog=epilog(
        "eztong partners account-keys rotate hotel AKID...",
        "eztong partners account-keys rotate hotel AKID... --revoke",
    )
)
@click.argument("partner")
@click.argument("secret_id")
@click.option("--revoke", "revoke_old", is_flag=True, help="Revoke the old key at once: it is lost or known to others.")
@days_option
@by_operator(required=False)
@data_dir_option
@json_option
def rotate(
    *, partner: str, secret_id: str, revoke_old: bool, days: int, operator: Named, data_dir: Path | None, as_json: bool
) -> None:
    """Issue a key pair in place of SECRET_ID. Both work until the old one is revoked."""
    lasts = timedelta(days=days) if days else None
    issued = perform_as(
        operator, data_dir, rotate_account_key, PartnerId(partner), secret_id, revoke_old=revoke_old, lasts=lasts
    )
    _print_issued(issued, as_json=as_json)
    if not revoke_old:
        say(f"When the new key is in use: eztong partners account-keys revoke {partner} {secret_id}")


@account_keys.command(epilog=epilog("eztong partners account-keys revoke hotel AKID..."))
@click.argument("partner")
@click.argument("secret_id")
@by_operator(required=False)
@data_dir_option
def revoke(*, partner: str, secret_id: str, operator: Named, data_dir: Path | None) -> None:
    """Revoke the key pair SECRET_ID of PARTNER: no signature by it counts any more."""
    perform_as(operator, data_dir, revoke_account_key, PartnerId(partner), secret_id)
    say(f"{secret_id} is revoked.")


def _print_issued(issued: IssuedKey, *, as_json: bool) -> None:
    secrets = {"secret_key": issued.secret_key, "token": issued.token}
    if as_json:
        print_json(_described(issued.key) | secrets)
        return
    click.echo(f"SecretId   {issued.key.secret_id}\nSecretKey  {issued.secret_key}")
    if issued.token is not None:
        click.echo(f"Token      {issued.token}")
    say(f"A key of {issued.key.partner_id}. The SecretKey is shown only now.")


def _described(key: AccountKey) -> dict[str, Any]:
    return {
        "secret_id": key.secret_id,
        "label": key.label,
        "created_at": render_time(key.created_at),
        "expires_at": _time(key.expires_at),
        "revoked_at": _time(key.revoked_at),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else render_time(moment)
