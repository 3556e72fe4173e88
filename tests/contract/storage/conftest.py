"""The stores of every adapter, each on an empty database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import create_keyring
from eztong.adapters.storage.sqlite.schema import upgrade_schema
from eztong.ports.keys import Keys
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import OPENERS, World, copy_of


@pytest.fixture(scope="session")
def ring_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a keyring that all stores of the run sign with."""
    return tmp_path_factory.mktemp("ring")


@pytest.fixture(scope="session")
def keys(ring_folder: Path) -> Keys:
    now = SystemClock().now()
    return create_keyring(ring_folder / "keyring.json", ring_folder / "root.key", entropy=SystemEntropy(), now=now)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "eztong.db"
    upgrade_schema(path)
    return path


@pytest.fixture(params=sorted(OPENERS))
def world(request: pytest.FixtureRequest, keys: Keys, template: Path, tmp_path: Path) -> Iterator[World]:
    """A store of each kind."""
    made = World(keys, OPENERS[request.param], copy_of(template, tmp_path / "eztong.db"))
    yield made
    made.store.close()


@pytest.fixture
def store(world: World) -> Store:
    """Only the store, for tests that need no more."""
    return world.store
