"""One e-contract platform for each module; people and flows are each test's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flows.eid.stage import Signing


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signing]:
    """The built service."""
    made = Signing(tmp_path_factory.mktemp("signing") / "data")
    yield made
    made.built.close()
