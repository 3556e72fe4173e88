"""``eztong partners expiring``: what ends soon of what partners hold; and how long a new key lasts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from eztong.cli.console import json_option, print_found, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.options import WholeNumber, data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.partners.expiry import KEY_LIFE, Expiring
from eztong.usecases.partners.find_expiring import find_expiring

days_option = click.option(
    "--days",
    type=WholeNumber(0, 3650),
    default=KEY_LIFE.days,
    show_default=True,
    help="End the key by itself after so many days; 0: never.",
)


@click.command(epilog=epilog("eztong partners expiring", "eztong partners expiring --json"))
@data_dir_option
@json_option
def expiring(data_dir: Path | None, as_json: bool) -> None:
    """List keys, key pairs and certified keys that end within thirty days, the soonest first.

    A key is refused after its end. A certified key is to be renewed two years after it was approved, and goes on.
    """
    with opened(settings_in(data_dir)) as built:
        now = built.services.clock.now()
        with built.services.store.read() as stored:
            found = find_expiring(stored=stored, now=now)
    columns = {"partner": "partner", "what": "kind", "name": "name", "label": "label", "ends": "ends_at"}
    print_found(
        [_described(one) for one in found.those],
        columns | {"within days": "within_days"},
        as_json=as_json,
        told="end within thirty days",
    )
    if found.those and not as_json:
        say("Rotate keys with: eztong partners keys rotate | account-keys rotate; certified keys: certificate request.")
    say_unreadable(found.unreadable)


def _described(one: Expiring) -> dict[str, Any]:
    return {
        "partner": one.partner_id,
        "kind": one.kind.value,
        "name": one.name,
        "label": one.label,
        "ends_at": render_time(one.ends_at),
        "within_days": one.within.days,
        "is_refused_after": one.is_refused_after,
    }
