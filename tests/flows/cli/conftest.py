"""What the flows of the command line share."""

from pathlib import Path

import pytest

from tests.flows.cli.command import CommandLine


@pytest.fixture
def eztong(tmp_path: Path) -> CommandLine:
    """An installation with nothing in it."""
    return CommandLine(tmp_path)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """An installation with keys, a database and a few citizens; tests of a module share it and only add to it."""
    eztong = CommandLine(tmp_path_factory.mktemp("filled"))
    done = eztong.run("sandbox", "populate", "4", "--json")
    assert done.code == 0, done.err
    eztong.as_operator()
    return eztong
