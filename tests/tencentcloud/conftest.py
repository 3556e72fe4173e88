"""One running sandbox for the folder, and what an integrator is given for two of its partners."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.simulators.service import Service, running
from tests.tencentcloud.signers import Keys


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("sandbox") / "data") as service:
        yield service


@pytest.fixture(scope="session")
def given(service: Service) -> dict[str, Keys]:
    """What ``eztong sandbox credentials`` prints for each partner."""
    printed = service.run("sandbox", "credentials", "--json")
    assert printed.returncode == 0, printed.stderr
    return {
        name: Keys(
            entry["endpoint"],
            entry["secret_id"],
            entry["secret_key"],
            entry["merchant_id"],
        )
        for name, entry in json.loads(printed.stdout)["partners"].items()
    }


@pytest.fixture
def hotel(given: dict[str, Keys]) -> Keys:
    return given["hotel"]


@pytest.fixture
def game(given: dict[str, Keys]) -> Keys:
    return given["game"]
