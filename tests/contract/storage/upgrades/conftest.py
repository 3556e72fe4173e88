"""What the tests of upgrades share."""

from __future__ import annotations

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> FileKeyring:
    """Keys of every installation whose database is of a version before."""
    ring = tmp_path_factory.mktemp("k")
    return create_keyring(ring / "keyring.json", ring / "root.key", entropy=SystemEntropy(), now=SystemClock().now())
