"""One filled database for all machines; each example works on a copy of its own."""

from __future__ import annotations

import pytest

from eztong.adapters.keys.keyring import create_keyring
from tests.property.machines.families import Families
from tests.property.machines.ground import make_template
from tests.property.machines.machine import Office, Town
from tests.unit.usecases.fakes import START, CountedEntropy


@pytest.fixture(scope="package", autouse=True)
def template(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("machines")
    keys = create_keyring(folder / "keyring.json", folder / "root.key", entropy=CountedEntropy("keyring"), now=START)
    made = make_template(tmp_path_factory.mktemp("template"), keys)
    Town.template = Office.template = Families.template = made
