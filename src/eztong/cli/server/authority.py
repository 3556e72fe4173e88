"""``eztong authority``: the sandbox authority as a process of its own."""

from __future__ import annotations

import base64
import binascii
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click
from typing_extensions import override

from eztong.adapters.authority.envelope import key_id_of
from eztong.adapters.authority.server import build_authority_app
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring
from eztong.cli.console import json_option, print_json
from eztong.cli.data.lock import working
from eztong.cli.exits import epilog
from eztong.cli.keys.commands import client_key
from eztong.cli.options import PortNumber, data_dir_option, require_sandbox, settings_in
from eztong.cli.server.listener import listen, port_of, serve_on
from eztong.cli.server.log_lines import log_lines
from eztong.domain.errors import StateConflict
from eztong.gm.errors import GmError
from eztong.gm.sm2 import PublicKey
from eztong.http.logs import configure_logs
from eztong.wiring.authority_keys import SandboxAuthorityKeys, load_or_create
from eztong.wiring.settings import Settings

DEFAULT_PORT: Final = 8090


class _Client(click.ParamType[tuple[str, PublicKey]]):
    """``KEY_ID=SPKI_BASE64``."""

    name = "key"

    @override
    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, PublicKey]:
        key_id, _, spki = str(value).partition("=")
        try:
            return key_id, PublicKey.from_spki(base64.b64decode(spki, validate=True))
        except (GmError, binascii.Error):
            self.fail("give KEY_ID=SPKI_BASE64, as `eztong keys client` prints it", param, ctx)


_keys_file_option = click.option(
    "--keys-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The authority's own key file; made if it is missing (default: authority.json in the data folder).",
)


@click.group(epilog=epilog("eztong authority serve", "eztong authority keys --json"))
def authority() -> None:
    """Run the sandbox's identity authority by itself, as a real one would be: it knows invented people only."""


@authority.command(
    epilog=epilog(
        "eztong authority serve",
        'eztong authority serve --port 8090 --client "$(eztong keys client)"',
    )
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PortNumber(), default=DEFAULT_PORT, show_default=True, help="Port.")
@click.option(
    "--client",
    "clients",
    multiple=True,
    type=_Client(),
    metavar="KEY_ID=SPKI_BASE64",
    help="A service that may ask; repeatable (default: the one of the data folder).",
)
@_keys_file_option
@data_dir_option
def serve(
    *, host: str, port: int, clients: Sequence[tuple[str, PublicKey]], keys_file: Path | None, data_dir: Path | None
) -> None:
    """Serve the sandbox authority.

    Whoever reaches it can switch its faults: let it listen where only the sandbox's service can reach it.
    """
    settings = settings_in(data_dir)
    require_sandbox(settings)
    known = dict(clients) or _own_client(settings)
    with listen(host, port) as sock, log_lines(sys.stderr) as lines:
        configure_logs(settings.log_level, stream=lines)
        own = _own_keys(settings, keys_file)
        app = build_authority_app(own.registry(), keys=own.keys, clients=known)
        click.echo(f"eztong sandbox authority serves http://{host}:{port_of(sock)} for {', '.join(sorted(known))}")
        serve_on(sock, app, limits=settings.connection_limits())


@authority.command(epilog=epilog("eztong authority keys", "eztong authority keys --json"))
@_keys_file_option
@data_dir_option
@json_option
def keys(keys_file: Path | None, data_dir: Path | None, as_json: bool) -> None:
    """Print the authority's two public keys, for the service to pin."""
    settings = settings_in(data_dir)
    require_sandbox(settings)
    pin = _own_keys(settings, keys_file).keys.pin()
    published = {"signing": _published(pin.signing), "encryption": _published(pin.encryption)}
    if as_json:
        print_json(published)
        return
    click.echo(f"EZTONG_AUTHORITY_SIGNING_KEY={published['signing']['spki']}")
    click.echo(f"EZTONG_AUTHORITY_ENCRYPTION_KEY={published['encryption']['spki']}")


def _own_keys(settings: Settings, keys_file: Path | None) -> SandboxAuthorityKeys:
    if keys_file is not None:
        return load_or_create(keys_file, entropy=SystemEntropy())
    with working(settings.data_dir):
        return load_or_create(settings.authority_keyring, entropy=SystemEntropy())


def _own_client(settings: Settings) -> Mapping[str, PublicKey]:
    if not settings.keyring.exists():
        raise StateConflict("Nobody may ask yet: name a --client, or run `eztong keys init` first.")
    published = client_key(FileKeyring(settings.keyring, settings.root))
    return {published["key_id"]: PublicKey.from_spki(base64.b64decode(published["spki"]))}


def _published(key: PublicKey) -> dict[str, str]:
    return {"key_id": key_id_of(key), "spki": base64.b64encode(key.to_spki()).decode()}
