"""The adapters of the keys port, each made by a factory, so that one suite proves them all.

Keys are made once for the run, since making one for RSA takes longer than most tests; each test works on a copy.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring, load_keyring
from tests.simulators.outside.softhsm import SoftHsm, softhsm_in

START = datetime(2026, 1, 15, 1, 0, 0, 123_456, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Factory:
    """How an adapter makes keys in an empty folder, and loads them there."""

    make: Callable[[Path], FileKeyring]
    load: Callable[[Path], FileKeyring]


def ring_in(folder: Path) -> tuple[Path, Path]:
    """Return where a keyring and its root key lie, each in a folder of its own."""
    return folder / "data" / "keyring.json", folder / "root" / "root.key"


def make_file_keyring(folder: Path) -> FileKeyring:
    """Make a new keyring in ``folder``."""
    return create_keyring(*ring_in(folder), entropy=SystemEntropy(), now=START)


# Another adapter joins by adding its factory; it must offer rotate() beside the port.
FACTORIES = {"file": Factory(make_file_keyring, lambda folder: load_keyring(*ring_in(folder)))}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Folders with new keys of each adapter."""
    folders = {name: tmp_path_factory.mktemp(name) for name in FACTORIES}
    for name, factory in FACTORIES.items():
        factory.make(folders[name])
    return folders


@pytest.fixture(params=sorted(FACTORIES))
def keys(request: pytest.FixtureRequest, made: Mapping[str, Path], tmp_path: Path) -> FileKeyring:
    """Keys of each adapter."""
    return FACTORIES[request.param].load(shutil.copytree(made[request.param], tmp_path / "keys"))


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftHsm]:
    """Tokens for the tests of this process."""
    with softhsm_in(tmp_path_factory.mktemp("softhsm")) as made:
        yield made
