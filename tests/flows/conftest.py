"""A town for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.citizen.browser import Browser, Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.built.close()


@pytest.fixture
def browser(town: Town) -> Browser:
    return town.browser()
