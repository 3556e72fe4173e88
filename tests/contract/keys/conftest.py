"""The adapters of the keys port, each made by a factory, so that one suite proves them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from tests.simulators.outside.softhsm import SoftHsm, softhsm_in

START = datetime(2026, 1, 15, 1, 0, 0, 123_456, tzinfo=UTC)
HOUR = timedelta(hours=1)
KeysFactory = Callable[[Path], FileKeyring]


def make_file_keyring(folder: Path) -> FileKeyring:
    """Make a new keyring in ``folder``, its root key in a folder of its own."""
    return create_keyring(
        folder / "data" / "keyring.json", folder / "root" / "root.key", entropy=SystemEntropy(), now=START
    )


# Another adapter joins by adding its factory; it must offer rotate() beside the port.
FACTORIES: dict[str, KeysFactory] = {"file": make_file_keyring}


@pytest.fixture(params=sorted(FACTORIES))
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> FileKeyring:
    """Fresh keys of each adapter."""
    return FACTORIES[request.param](tmp_path)


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftHsm]:
    """Tokens for the tests of this process."""
    with softhsm_in(tmp_path_factory.mktemp("softhsm")) as made:
        yield made
