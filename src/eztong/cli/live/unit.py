"""The systemd unit of a deployment, as docs/operations.md shows it, with its own paths."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from eztong.wiring.settings import Settings

STATE: Final = Path("/var/lib/eztong")
"""The folder that systemd makes and keeps for the unit's user."""

_UNIT: Final = """\
[Unit]
Description=eztong identity service
After=network-online.target
Wants=network-online.target

[Service]
User=eztong
Group=eztong
WorkingDirectory={folder}
EnvironmentFile={settings_file}
ExecStart={program} serve
Restart=on-failure
RestartSec=2
# The service finishes accepted requests for up to 20 seconds and accepted writes for up to 18 more.
TimeoutStopSec=45
{state}UMask=0077
LimitNOFILE=16384
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
ReadWritePaths={writable}

[Install]
WantedBy=multi-user.target
"""


def unit_of(settings: Settings, *, settings_file: Path, program: Path) -> str:
    """Return the unit that serves these settings from that file."""
    is_state = settings.data_dir == STATE
    writable = [settings.root_key.parent] if is_state else [settings.data_dir, settings.root_key.parent]
    return _UNIT.format(
        folder=program.parents[2],
        settings_file=settings_file,
        program=program,
        state="StateDirectory=eztong\nStateDirectoryMode=0700\n" if is_state else "",
        writable=" ".join(map(str, writable)),
    )


def own_program() -> Path:
    """Return the program of this installation."""
    return Path(sys.executable).absolute().with_name("eztong")
