"""Browsers of partners' people, in one service for a module: what they do leaves the others as they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flows.citizen.browser import Town
from tests.flows.partner_portal.people import PortalBrowser


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = Town(tmp_path_factory.mktemp("data"))
    yield town
    town.built.close()


@pytest.fixture
def li(town: Town) -> PortalBrowser:
    """An administrator of the hotel."""
    return PortalBrowser(town).as_person("demo-admin@hotel")
