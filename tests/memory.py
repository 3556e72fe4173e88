"""Where there is a file system in memory; it imports nothing, as every process of the tests asks it first."""

from __future__ import annotations

import os
from typing import Final

MEMORY: Final = next((path for path in ("/dev/shm",) if os.access(path, os.W_OK)), None)  # noqa: S108 - a folder of our own
"""Where there is a file system in memory, tests work in it that are not about what outlives a crash."""
