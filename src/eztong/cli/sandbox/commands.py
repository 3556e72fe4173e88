"""``eztong sandbox``: credentials, many citizens, a fresh start."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click

from eztong.adapters.storage.beside.erased_list import erased_list_of
from eztong.adapters.storage.beside.marks import mark_of
from eztong.adapters.storage.stored.facts import stored_setting
from eztong.cli.console import apply_option, json_option, print_json, progress, say
from eztong.cli.data.lock import ServerRunning, hold_alone, server_on
from eztong.cli.exits import epilog
from eztong.cli.options import WholeNumber, data_dir_option, host_option, port_option, require_sandbox, settings_in
from eztong.cli.sandbox.populate import populate_to
from eztong.cli.service import opened
from eztong.domain.errors import NotPermitted
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import Scope
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Mode
from eztong.usecases.merchants.issue_account_key import IssuedKey, issue_account_key
from eztong.usecases.partners.authenticate_partner import IssueApiKey, issue_api_key
from eztong.usecases.sandbox.demo_operators import DEMO_OPERATORS, demo_app, demo_secret
from eztong.wiring.seed import DEMO_PARTNERS, MODE_SETTING, DemoPartner
from eztong.wiring.seed_merchants import demo_merchant_id
from eztong.wiring.seed_staff import PASSWORD_SETTING
from eztong.wiring.settings import Settings

_LABEL: Final = "sandbox credentials"
_KEYS: Final = (
    ("API key", "api_key"),
    ("merchant id", "merchant_id"),
    ("SecretId", "secret_id"),
    ("SecretKey", "secret_key"),
)

if TYPE_CHECKING:
    from eztong.wiring.build import Built
_SIDES: Final = ("", "-wal", "-shm")
_BEFORE: Final = ".before-reset"
_MOST_THREADS: Final = 64


@click.group(epilog=epilog("eztong sandbox credentials --json", "eztong sandbox populate 10000"))
def sandbox() -> None:
    """Work with the sandbox, where everybody is invented. In live mode none of this exists."""


@sandbox.command(epilog=epilog("eztong sandbox credentials", "eztong sandbox credentials --json | jq .partners.hotel"))
@host_option
@port_option
@data_dir_option
@json_option
def credentials(host: str | None, port: int | None, data_dir: Path | None, as_json: bool) -> None:
    """Print the base address and, for each demo partner, fresh keys and how its staff sign in at /desk.

    At the end stand the demo operators with their secret, which commands with --operator ask for, and the key of
    their authenticator app for /console.

    Two kinds of keys: an API key for /v1, and a key pair with a merchant id for Tencent Cloud SDKs.

    It works beside a running server, whose address it finds by itself unless --port names another. Keys of earlier
    calls stay valid until they are revoked.
    """
    settings = settings_in(data_dir, host=host, port=port)
    require_sandbox(settings)
    running = server_on(settings.data_dir) if host is None and port is None else None
    is_new = not settings.stored_at.exists()
    with opened(settings) as built:
        password = _kept(built, PASSWORD_SETTING)
        operators = [_operator_of(name, built) for name in DEMO_OPERATORS]
        partners = {demo.partner_id: _credentials_of(demo, built) | _staff_of(demo, password) for demo in DEMO_PARTNERS}
    if is_new:
        say(f"There was no sandbox in {settings.data_dir.absolute()}: made a new one, with keys of its own.")
    base_url = running or settings.base_url
    endpoint = settings.tencent_host or urlsplit(base_url).netloc
    for partner in partners.values():
        partner["endpoint"] = endpoint
    if as_json:
        shared = {"names": list(DEMO_OPERATORS), "secret": operators[0]["secret"], "app_key": operators[0]["app_key"]}
        print_json({"base_url": base_url, "partners": partners, "operators": shared | {"each": operators}})
        return
    say(f"Base address: {base_url}")
    for partner in partners.values():
        desks = f", desks {' '.join(partner['desks'])}" if partner["desks"] else ""
        click.echo(f"{partner['id']:<10} {partner['name_en']}: scene {' '.join(partner['scenes'])}{desks}")
        for label, key in _KEYS:
            click.echo(f"{'':<10} {label:<11} {partner[key]}")
        if "staff" in partner:
            staff = partner["staff"]
            click.echo(f"{'':<10} {'desk':<11} {base_url}/desk: name {staff['login']}, password {staff['password']}")
    say(f"Endpoint for Tencent Cloud SDKs: {endpoint}")
    for one in operators:
        click.echo(f"{'operator':<10} {one['name']}: secret {one['secret']}")
        click.echo(f"{'':<10} {'console':<11} {base_url}/console: app key {one['app_key']}")
    say("Each key is shown only now; the desks' password stays the same, an operator's secret until it is renewed.")


def _kept(built: Built, setting: str) -> str | None:
    with built.services.store.read() as stored:
        return stored.settings.get(setting)


def _operator_of(name: str, built: Built) -> dict[str, str]:
    """Return what a demo operator signs in with; the app's key as one types it into an app."""
    with built.services.store.read() as stored:
        secret, app = demo_secret(name, stored=stored), demo_app(name, stored=stored)
    return {"name": name, "secret": secret or "", "app_key": base64.b32encode(app or b"").decode()}


def _staff_of(demo: DemoPartner, password: str | None) -> dict[str, Any]:
    return {"staff": {"login": demo.partner_id, "password": password}} if demo.desks and password else {}


def _issue(act: Act, partner_id: PartnerId) -> tuple[str, IssuedKey]:
    command = IssueApiKey(partner_id=partner_id, label=_LABEL, scopes=frozenset(Scope), live=False)
    _key, text = issue_api_key(act, command)
    return text, issue_account_key(act, partner_id, label=_LABEL)


def _credentials_of(demo: DemoPartner, built: Built) -> dict[str, Any]:
    text, pair = built.services.perform(SYSTEM, _issue, PartnerId(demo.partner_id))
    return {
        "id": demo.partner_id,
        "name": demo.name,
        "name_en": demo.name_en,
        "scenes": [scene.scene for scene in demo.scenes],
        "desks": [desk for desk, _name in demo.desks],
        "api_key": text,
        "merchant_id": demo_merchant_id(demo),
        "secret_id": pair.key.secret_id,
        "secret_key": pair.secret_key,
    }


@sandbox.command(epilog=epilog("eztong sandbox populate 10000", "eztong sandbox populate 100000 --threads 32 --json"))
@click.argument("number", type=WholeNumber(min=1))
@click.option(
    "--threads", type=WholeNumber(1, _MOST_THREADS), default=32, show_default=True, help="How many register at once."
)
@data_dir_option
@json_option
def populate(number: int, threads: int, data_dir: Path | None, as_json: bool) -> None:
    """Register NUMBER more synthetic citizens, each through the very use cases that the pages run.

    Interrupted, it goes on where it stopped when it is called again. It is fastest while no server runs.
    """
    settings = settings_in(data_dir)
    require_sandbox(settings)
    with opened(settings) as built, progress() as bar:
        report = populate_to(built, number, threads=threads, bar=bar)
    if as_json:
        print_json(report.as_json())
    else:
        say(report.words())


@sandbox.command(epilog=epilog("eztong sandbox reset", "eztong sandbox reset --apply"))
@data_dir_option
@apply_option
def reset(data_dir: Path | None, apply: bool) -> None:
    """Remove database and keyring of the sandbox, so that the next start begins with nothing.

    The list of erased accounts is only set aside. Live data is refused, and so is a data folder that a server works on.
    """
    settings = settings_in(data_dir)
    require_sandbox(settings)
    # A word that is damaged may have said «live».
    if stored_setting(settings.database_file, MODE_SETTING) not in {None, Mode.SANDBOX.value}:
        raise NotPermitted("This data folder does not say that it is the sandbox's; it is never reset.")
    if server_on(settings.data_dir) is not None:
        raise ServerRunning
    found = _files(settings)
    if not found:
        say("There is nothing to remove.")
        return
    if apply:
        with hold_alone(settings.data_dir):
            for path in found:
                if path == erased_list_of(settings.database_file):
                    # It is the only thing that no backup has newer, and means nothing to other keys.
                    path.replace(path.with_name(path.name + _BEFORE))
                else:
                    path.unlink(missing_ok=True)
    names = ", ".join(path.name for path in found)
    say(f"Removed {names}." if apply else f"Would remove {names} in {settings.data_dir}; add --apply to do it.")


def _files(settings: Settings) -> list[Path]:
    database = [settings.database_file.with_name(settings.database_file.name + side) for side in _SIDES]
    beside = (mark_of(settings.database_file), erased_list_of(settings.database_file), settings.keyring)
    return [path for path in (*database, *beside) if path.exists()]
