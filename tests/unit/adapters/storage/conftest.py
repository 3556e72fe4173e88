"""A store over a new database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import create_keyring
from eztong.adapters.storage.rounds.group_commit import Signing
from eztong.adapters.storage.sqlite.store import SqliteStore
from eztong.ports.keys import Keys
from tests.simulators.quick_files import new_database


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """The keyring of every store."""
    folder = tmp_path_factory.mktemp("ring")
    now = SystemClock().now()
    return create_keyring(folder / "keyring.json", folder / "root.key", entropy=SystemEntropy(), now=now)


@pytest.fixture
def store(ring: Keys, tmp_path: Path) -> Iterator[SqliteStore]:
    path = new_database(tmp_path / "eztong.db")
    signing = Signing(keys=ring, clock=SystemClock(), entropy=SystemEntropy(), origin="eztong.example")
    made = SqliteStore(path, signing)
    yield made
    made.close()
