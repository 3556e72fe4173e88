"""``eztong keys status`` and ``eztong keys inventory``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import click

from eztong.cli.console import json_option, print_json, print_rows, say
from eztong.cli.exits import epilog
from eztong.cli.keys.shown import reseal_words, shown_ceremony, shown_line, shown_reseal
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.usecases.keys.ceremony import past_ceremonies
from eztong.usecases.keys.read_inventory import read_inventory
from eztong.usecases.keys.reseal import find_reseal

_CEREMONIES: Final = 20
_COLUMNS: Final = ("key", "purpose", "use", "algorithm", "bits", "state", "days", "place", "under", "certified")


@click.command(epilog=epilog("eztong keys inventory", "eztong keys inventory --json > inventory.json"))
@data_dir_option
@json_option
def inventory(data_dir: Path | None, as_json: bool) -> None:
    """List every key and kind of key: use, algorithm, length, age, place, and whether a certified module uses it.

    It is what an assessment of commercial cryptography (密评) asks for; TLS ends before the service and is not in it.
    """
    with opened(settings_in(data_dir)) as built:
        services = built.services
        now: datetime = services.clock.now()
        lines = read_inventory(keys=services.keys, certificate=services.deployment.token_certificate)
        certificate = services.deployment.token_certificate
    shown = [shown_line(line, now=now) for line in lines]
    if as_json:
        print_json({"token_certificate": certificate or None, "keys": shown})
        return
    print_rows(_COLUMNS, [[_cell(line[name]) for name in _COLUMNS] for line in shown])


@click.command(epilog=epilog("eztong keys status", "eztong keys status --json"))
@data_dir_option
@json_option
def status(data_dir: Path | None, as_json: bool) -> None:
    """Say what opens the ring, how much is sealed under each key, how far a re-seal is, and what was done to keys."""
    with opened(settings_in(data_dir)) as built:
        roots, place = built.keyring.roots(), built.settings.root.place()
        with built.store.read() as stored:
            stands, counts = find_reseal(stored=stored), stored.sealed_values.count_by_key()
            past = past_ceremonies(stored=stored, limit=_CEREMONIES)
    if as_json:
        print_json(
            {
                "roots": [{"kind": one.kind.value, "name": one.name, "used": one.is_used} for one in roots],
                "values": dict(sorted(counts.items())),
                "reseal": shown_reseal(stands),
                "ceremonies": [shown_ceremony(one) for one in past],
            }
        )
        return
    for one in roots:
        say(f"Opens the ring: {one.kind.value} {one.name}" + (f" ({place}), in use." if one.is_used else "."))
    print_rows(("key", "values sealed under it"), [[key, str(count)] for key, count in sorted(counts.items())])
    say(reseal_words(stands))
    rows = [[_cell(value) for name, value in shown_ceremony(one).items() if name != "facts"] for one in past]
    print_rows(("what", "at", "operator", "second", "reason"), rows)


def _cell(value: object) -> str:
    return "" if value is None else str(value)
