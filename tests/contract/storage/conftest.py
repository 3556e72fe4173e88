"""The stores of every adapter, each on an empty database of its own.

What a repository does, it does alike whichever thread runs the round, so most modules ask one driver of each adapter. A
module that lets jobs meet in a round, or writes at once from many threads, asks every driver.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import create_keyring
from eztong.ports.keys import Keys
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import ADAPTERS, OPENERS, World, copy_of, each_in_a_thread, open_postgres, together
from tests.simulators.processes.postgres_server import EmptyDatabase, postgres_server
from tests.simulators.quick_files import folder_in_memory, new_database


@pytest.fixture(scope="session")
def ring_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a keyring that all stores of the run sign with."""
    return tmp_path_factory.mktemp("ring")


@pytest.fixture(scope="session")
def keys(ring_folder: Path) -> Keys:
    now = SystemClock().now()
    return create_keyring(ring_folder / "keyring.json", ring_folder / "root.key", entropy=SystemEntropy(), now=now)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Path:
    path = new_database(tmp_path_factory.mktemp("template") / "eztong.db")
    # What the first opening lays, no test has to wait for.
    World(keys, OPENERS[ADAPTERS[0]], path).store.close()
    return path


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "world" in metafunc.fixturenames:
        races = any(one is together or one is each_in_a_thread for one in vars(metafunc.module).values())
        openers = sorted(OPENERS) if races else ADAPTERS
        if metafunc.definition.get_closest_marker("sqlite") is not None:
            openers = [one for one in openers if one != "postgres"]
        if metafunc.definition.get_closest_marker("postgres") is not None:
            openers = ["postgres"]
        marks = {"postgres": [pytest.mark.postgres]}
        metafunc.parametrize("world", [pytest.param(one, marks=marks.get(one, [])) for one in openers], indirect=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmptyDatabase]:
    """A database of the current schema on a server that is started for the first test that asks."""
    with postgres_server() as server:
        database = EmptyDatabase(server)
        yield database
        database.close()


@pytest.fixture
def world(request: pytest.FixtureRequest, keys: Keys, template: Path) -> Iterator[World]:
    """A store of each kind, in memory if possible; what outlives a crash is asked of one on the disk."""
    with folder_in_memory("world-") as folder:
        path, opener = folder / "eztong.db", OPENERS[request.param]
        if opener is open_postgres:
            made = World(keys, opener, path, request.getfixturevalue("postgres").lend())
        else:
            made = World(keys, opener, copy_of(template, path))
        yield made
        made.store.close()


@pytest.fixture
def store(world: World) -> Store:
    """Only the store, for tests that need no more."""
    return world.store
