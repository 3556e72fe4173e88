"""``eztong version``."""

from __future__ import annotations

import platform

import click

from eztong import __version__
from eztong.cli.console import json_option, print_json
from eztong.cli.exits import epilog
from eztong.gm.errors import BackendUnavailable
from eztong.gm.probe import check_backend


@click.command(epilog=epilog("eztong version", "eztong version --json"))
@json_option
def version(as_json: bool) -> None:
    """Print the versions of eztong, Python and the library that computes SM2."""
    try:
        backend = check_backend()
        crypto = f"{backend.name} {backend.version}"
    except BackendUnavailable:
        crypto = "unavailable"
    versions = {"eztong": __version__, "python": platform.python_version(), "crypto": crypto}
    if as_json:
        print_json(versions)
        return
    click.echo(f"eztong {versions['eztong']} (Python {versions['python']}, {crypto})")
