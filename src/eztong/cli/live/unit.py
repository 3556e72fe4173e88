"""The systemd unit of a deployment, as deploy/systemd has it, with its own paths."""

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
Documentation=file://{folder}/docs/operations.md
After=network-online.target time-sync.target
Wants=network-online.target

[Service]
# A fixed user: the root key's file and the backups belong to it, which a dynamic one would not keep.
User=eztong
Group=eztong
WorkingDirectory={folder}
EnvironmentFile={settings_file}
ExecStart={program} serve
Restart=on-failure
RestartSec=2
# The service finishes accepted requests for up to 20 seconds and accepted writes for up to 18 more.
KillSignal=SIGTERM
TimeoutStopSec=45
{state}UMask=0077
# More than EZTONG_MAX_CONNECTIONS and 64 files of its own.
LimitNOFILE=16384

# It writes its data folder, and nothing else. The root key is only read.
ProtectSystem=strict
ReadOnlyPaths=-{keys}
{writable}ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
DevicePolicy=closed
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes

# It becomes nobody else, and brings no new code.
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictRealtime=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def unit_of(settings: Settings, *, settings_file: Path, program: Path) -> str:
    """Return the unit that serves these settings from that file."""
    is_state = settings.data_dir == STATE
    return _UNIT.format(
        folder=program.parents[2],
        settings_file=settings_file,
        program=program,
        state="StateDirectory=eztong\nStateDirectoryMode=0700\n" if is_state else "",
        keys=settings.root_key.parent,
        writable="" if is_state else f"ReadWritePaths={settings.data_dir}\n",
    )


def own_program() -> Path:
    """Return the program of this installation."""
    return Path(sys.executable).absolute().with_name("eztong")
