"""``eztong keys``: the keyring."""

from __future__ import annotations

import base64
from datetime import datetime, time
from pathlib import Path
from typing import Any

import click

from eztong.adapters.authority.personas import SANDBOX_START
from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.cli.console import json_option, print_json, print_rows, say
from eztong.cli.data.lock import working
from eztong.cli.exits import epilog
from eztong.cli.keys.ceremonies import reseal, retire, rotate
from eztong.cli.keys.root import change_root, token
from eztong.cli.keys.status import inventory, status
from eztong.cli.options import data_dir_option, settings_in
from eztong.domain.canonical_json import render_time
from eztong.domain.errors import StateConflict
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.keys.rotation import KeyState
from eztong.ports.keys import KeyInfo, SignPurpose
from eztong.ports.services import Mode
from eztong.wiring.seed import MODE_SETTING
from eztong.wiring.settings import Settings


@click.group(epilog=epilog("eztong keys init", "eztong keys list", "eztong keys rotate results --apply"))
def keys() -> None:
    """Make, list and change the service's keys. No command ever prints a secret."""


for _command in (rotate, reseal, retire, change_root, token, inventory, status):
    keys.add_command(_command)


@keys.command(epilog=epilog("eztong keys init", "EZTONG_ROOT_KEY_FILE=/secure/root.key eztong keys init"))
@data_dir_option
def init(data_dir: Path | None) -> None:
    """Make a keyring with one key for each purpose, a root key that seals it, and the database that belongs to it.

    The sandbox does this by itself at its first start. An existing keyring is never overwritten.
    """
    settings = settings_in(data_dir)
    ring = make_keys(settings)
    say(f"Made {len(ring.describe())} keys in {settings.keyring}, sealed under {settings.root.place()}.")
    say("Keep a copy of the root key apart from every backup: without it nothing sealed can be opened again.")


@keys.command("list", epilog=epilog("eztong keys list", "eztong keys list --json"))
@data_dir_option
@json_option
def list_(data_dir: Path | None, as_json: bool) -> None:
    """List the keys with their states: active makes and checks, retiring checks, retired is for old evidence."""
    settings = settings_in(data_dir)
    found = FileKeyring(settings.keyring, settings.root).describe()
    if as_json:
        print_json([_described(key) for key in found])
        return
    rows = [[str(cell or "") for cell in _described(key).values()] for key in found]
    print_rows(("key", "purpose", "number", "state", "made", "retired"), rows)


@keys.command(epilog=epilog("eztong keys client --json"))
@data_dir_option
@json_option
def client(data_dir: Path | None, as_json: bool) -> None:
    """Print the public key that signs questions to the authority, for the authority to register."""
    settings = settings_in(data_dir)
    published = client_key(FileKeyring(settings.keyring, settings.root))
    if as_json:
        print_json(published)
    else:
        click.echo(f"{published['key_id']}={published['spki']}")


@keys.command("input", epilog=epilog("eztong keys input --json"))
@data_dir_option
@json_option
def input_(data_dir: Path | None, as_json: bool) -> None:
    """Print the public keys that integrators encrypt parameters to; running servers publish them, too."""
    settings = settings_in(data_dir)
    found = FileKeyring(settings.keyring, settings.root).input_keys()
    if as_json:
        print_json([{"key_id": key.key_id, "spki": base64.b64encode(key.spki).decode()} for key in found])
        return
    for key in found:
        click.echo(f"{key.key_id}={base64.b64encode(key.spki).decode()}")


def make_keys(settings: Settings) -> FileKeyring:
    """Make keyring, root key and the database that belongs to them, and return the keyring.

    Raises:
        StateConflict, KeyringProblem: there is a keyring already, or a database of another one.
        Unavailable, OSError: something cannot be written.
    """
    # The database layer takes a while to load; the other commands here do not wait for it.
    from eztong.wiring.belonging import bind, check_restored  # noqa: PLC0415
    from eztong.wiring.machine.stores import upgrade_schema  # noqa: PLC0415
    from eztong.wiring.starting import one_at_a_time  # noqa: PLC0415

    with working(settings.data_dir), one_at_a_time(settings.data_dir):
        check_restored(settings.data_dir)
        if settings.stored_at.exists() and _has_data(settings):
            raise StateConflict("There is a database with data of another keyring: restore that keyring instead.")
        if not settings.keyring.exists():
            # First: a keyring without a database would mean that the database was lost.
            upgrade_schema(settings.stored_at)
        ring = create_keyring(settings.keyring, settings.root, entropy=SystemEntropy(), now=_first_moment(settings))
        bind(settings.stored_at, ring)
    return ring


def client_key(ring: FileKeyring) -> dict[str, str]:
    """Return id and base64 SPKI of the active key that signs questions to the authority."""
    purpose = SignPurpose.AUTHORITY_CLIENT
    active = next(key for key in ring.describe() if key.purpose == purpose and key.state is KeyState.ACTIVE)
    return {"key_id": active.key_id, "spki": base64.b64encode(ring.public_key(purpose)).decode()}


def _has_data(settings: Settings) -> bool:
    # As above: only where there is a database.
    from eztong.adapters.storage.stored.facts import stored_setting  # noqa: PLC0415

    return stored_setting(settings.stored_at, MODE_SETTING) is not None


def _first_moment(settings: Settings) -> datetime:
    # The sandbox has a time of its own; its keys must be there before its first batch.
    if settings.mode is Mode.LIVE:
        return SystemClock().now()
    return datetime.combine(SANDBOX_START, time(), SHANGHAI)


def _described(key: KeyInfo) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "purpose": key.purpose,
        "number": key.number,
        "state": key.state.value,
        "created_at": render_time(key.created_at),
        "retired_at": None if key.retired_at is None else render_time(key.retired_at),
    }
