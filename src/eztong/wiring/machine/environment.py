"""Settings into the environment of this process, or of one that it starts."""

from __future__ import annotations

import os
from collections.abc import Mapping

from eztong.wiring.settings import PREFIX


def take_into_environment(values: Mapping[str, str]) -> None:
    """Let this process read values as if it had been started with them; they win, as those of systemd's files do."""
    os.environ.update(values)


def environment_with(values: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of this process with settings by field names instead, for a process of our own."""
    return dict(os.environ) | {f"{PREFIX}{name}".upper(): value for name, value in values.items()}
