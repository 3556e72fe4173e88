"""One served sandbox for the demo sites, which call their own service over HTTP."""

from collections.abc import Iterator

import pytest

from tests.simulators.service import Service, running


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("sandbox") / "data") as started:
        yield started
