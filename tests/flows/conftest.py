"""A town for each test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.flows.citizen.browser import Browser, Town
from tests.simulators.quick_files import folder_in_memory


@pytest.fixture
def town() -> Iterator[Town]:
    with folder_in_memory("town-") as folder:
        town = Town(folder)
        yield town
        town.built.close()


@pytest.fixture
def browser(town: Town) -> Browser:
    return town.browser()
