"""What the tests of upgrades share."""

from __future__ import annotations

from pathlib import Path

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring


@pytest.fixture
def keys(tmp_path: Path) -> FileKeyring:
    """Keys of an installation whose database is of a version before."""
    ring = tmp_path / "k"
    return create_keyring(ring / "keyring.json", ring / "root.key", entropy=SystemEntropy(), now=SystemClock().now())
