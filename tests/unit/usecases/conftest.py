"""One keyring and one filled database for the run; each test works on a copy of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eztong.adapters.keys.keyring import create_keyring
from eztong.ports.keys import Keys
from tests.simulators.quick_files import folder_in_memory
from tests.unit.usecases.fakes import START, CountedEntropy
from tests.unit.usecases.stage import Stage, copy_of, make_template


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("ring")
    return create_keyring(folder / "keyring.json", folder / "root.key", entropy=CountedEntropy("keyring"), now=START)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Path:
    return make_template(tmp_path_factory.mktemp("template"), keys)


@pytest.fixture
def stage(template: Path, keys: Keys) -> Iterator[Stage]:
    with folder_in_memory("stage-") as folder:
        made = Stage(copy_of(template, folder), keys)
        yield made
        made.close()
        assert made.left_out == []
