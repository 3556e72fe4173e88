"""How a command comes by its settings."""

from __future__ import annotations

from pathlib import Path

import click

from eztong.domain.errors import NotPermitted
from eztong.ports.services import Mode
from eztong.wiring.settings import Settings, read_settings

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of database and keyring; instead of EZTONG_DATA_DIR (default: var).",
)
host_option = click.option("--host", help="Address to listen on; instead of EZTONG_HOST (default: 127.0.0.1).")
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on; instead of EZTONG_PORT (default: 8080)."
)


def settings_in(data_dir: Path | None, **overrides: object) -> Settings:
    """Read the settings, with what the command line says instead.

    Raises:
        SettingsInvalid: naming the variable.
    """
    return read_settings(data_dir=data_dir, **overrides)


def require_sandbox(settings: Settings) -> None:
    """Refuse what exists for invented people only.

    Raises:
        NotPermitted: the settings say live mode.
    """
    if settings.mode is not Mode.SANDBOX:
        raise NotPermitted("This exists in sandbox mode only.")
