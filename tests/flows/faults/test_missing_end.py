"""What was acknowledged and then lost with the end of the file: the check says so, as far as the mark reaches."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from eztong.adapters.storage.beside.marks import mark_of, read_marks
from eztong.domain.evidence.signed_note import parse_note
from tests.simulators.problems import expect_outcome
from tests.simulators.service import Service, running

SCENE = "hotel_check_in"


def marked(service: Service) -> int:
    """Return the number of the newest batch that the mark knows."""
    places = [parse_note(note).unverified_root.place for note in read_marks(mark_of(service.database)).notes]
    return max((place.number for place in places if place is not None), default=0)


def in_file(service: Service) -> int:
    """Return the number of the newest batch that is in the database file itself and not only in its log."""
    with closing(sqlite3.connect(f"{service.database.as_uri()}?immutable=1", uri=True)) as file:
        return int(file.execute("SELECT max(number) FROM batches").fetchone()[0] or 0)


def checked(service: Service) -> dict[str, Any]:
    """Return the report of the check."""
    report: dict[str, Any] = json.loads(service.run("db", "check", "--json").stdout)
    return report


@pytest.fixture(scope="module")
def died(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service that was killed after the mark had reached its last verification, which stands in the log alone."""
    folder = tmp_path_factory.mktemp("died") / "data"
    for _ in range(5):
        with running(folder) as service:
            holder = service.somebody()
            verify(service, holder)
            # A start brings the file up to date once, which may come late.
            while in_file(service) == marked(service):
                verify(service, holder)
            service.kill()
        if in_file(service) < marked(service):
            return service
    pytest.fail("The file was brought up to date at each death.")


def verify(service: Service, holder: str) -> None:
    """Let codes be verified until the mark has reached them."""
    for _ in range(3):
        expect_outcome(service.partners["hotel"].verify(service.code(holder)["qr"], SCENE), "passed")
    ((newest,),) = service.rows("SELECT max(number) FROM batches")
    service.wait_for(lambda: marked(service) == newest)


def beside(died: Service, tmp_path: Path) -> Service:
    """Return the service's data in another folder."""
    folder = Path(shutil.copytree(died.data_dir, tmp_path / "data"))
    folder.chmod(0o700)
    return Service(died.url, folder, died.log, died.process, died.http)


def test_after_a_sudden_death_nothing_is_missing(died: Service, tmp_path: Path) -> None:
    report = checked(beside(died, tmp_path))
    assert report["problems"] == []
    assert report["vouched_until"]


def test_a_log_that_was_deleted_is_found(died: Service, tmp_path: Path) -> None:
    copy = beside(died, tmp_path)
    copy.database.with_name("eztong.db-wal").unlink()
    assert any("Its end is missing" in problem for problem in checked(copy)["problems"])


def test_a_bit_in_the_middle_of_the_log_is_found(died: Service, tmp_path: Path) -> None:
    copy = beside(died, tmp_path)
    log = copy.database.with_name("eztong.db-wal")
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 4
    log.write_bytes(content)
    assert any("Its end is missing" in problem for problem in checked(copy)["problems"])
