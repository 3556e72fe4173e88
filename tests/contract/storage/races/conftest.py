"""Several that work at once over one filled database: in one process on SQLite, in two of their own on a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eztong.ports.keys import Keys
from tests.contract.storage.races.workers import Workers
from tests.simulators.processes.postgres_server import EmptyDatabase
from tests.simulators.quick_files import folder_in_memory
from tests.unit.usecases.stage import Stage, copy_of, fill, make_template


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Path:
    return make_template(tmp_path_factory.mktemp("filled"), keys)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def workers(request: pytest.FixtureRequest, keys: Keys) -> Iterator[Workers]:
    with folder_in_memory("races-") as folder:
        if request.param == "sqlite":
            made = Workers([Stage(copy_of(request.getfixturevalue("filled_file"), folder), keys)])
        else:
            database: EmptyDatabase = request.getfixturevalue("postgres")
            url = database.lend()
            fill(Stage(folder, keys, seed="template", url=url))
            made = Workers([Stage(folder, keys, seed=f"worker {number}", url=url) for number in (1, 2)])
        yield made
        for stage in made.stages:
            stage.close()
