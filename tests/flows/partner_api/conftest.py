"""One running sandbox for the whole folder; each test brings its own people and leaves partners and clock usable."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulators.service import Partner, Service, running


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("sandbox") / "data") as service:
        yield service


@pytest.fixture
def hotel(service: Service) -> Partner:
    return service.partners["hotel"]


@pytest.fixture
def library(service: Service) -> Partner:
    return service.partners["library"]


@pytest.fixture
def esign(service: Service) -> Partner:
    return service.partners["esign"]
