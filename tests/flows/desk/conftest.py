"""A town for each test, and what staff do in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.citizen.browser import Town
from tests.flows.desk.clerk import Clerk


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.built.close()


@pytest.fixture
def clerk(town: Town) -> Clerk:
    """Staff of the hotel at its first desk."""
    clerk = Clerk(town)
    clerk.start()
    return clerk
