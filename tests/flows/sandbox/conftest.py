"""A town for each test, and one served sandbox for the demo sites, which call their own service over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.citizen.browser import Browser, Town
from tests.simulators.service import Service, running


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.built.close()


@pytest.fixture
def browser(town: Town) -> Browser:
    return town.browser()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("sandbox") / "data") as started:
        yield started
