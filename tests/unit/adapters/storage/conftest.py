"""A store over a new database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import create_keyring
from eztong.adapters.storage.rounds.group_commit import Signing
from eztong.adapters.storage.sqlite.schema import upgrade_schema
from eztong.adapters.storage.sqlite.store import SqliteStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    ring = create_keyring(
        tmp_path / "ring" / "keyring.json",
        tmp_path / "ring" / "root.key",
        entropy=SystemEntropy(),
        now=SystemClock().now(),
    )
    path = tmp_path / "eztong.db"
    upgrade_schema(path)
    signing = Signing(keys=ring, clock=SystemClock(), entropy=SystemEntropy(), origin="eztong.example")
    made = SqliteStore(path, signing)
    yield made
    made.close()
