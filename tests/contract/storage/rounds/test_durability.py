"""What was acknowledged is on disk: it survives the sudden death of the process, and closing loses no one's answer."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest

from eztong.domain.errors import Unavailable
from eztong.domain.evidence.merkle import leaf_hash
from eztong.domain.identifiers import BatchId
from eztong.ports.keys import Keys
from eztong.ports.storage.store import Committed, UnitOfWork, submitted
from tests.contract.storage.stage import OPENERS, PATIENCE, World, copy_of, setting

ROOT = Path(__file__).parents[4]
ENOUGH = 200


# What a killed process leaves on a server is asked in tests/flows/stores.
@pytest.fixture(scope="module", params=sorted(OPENERS.keys() - {"postgres"}))
def aftermath(
    request: pytest.FixtureRequest,
    keys: Keys,
    ring_folder: Path,
    template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, list[tuple[str, BatchId]]]:
    """The database of a process that was killed in the middle of writing, and what it had acknowledged."""
    assert keys.describe()  # the ring's files exist
    database = copy_of(template, tmp_path_factory.mktemp("killed") / "eztong.db")
    command = [sys.executable, "-m", "tests.contract.storage.writing_child", request.param, database, ring_folder]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            lines = [child.stdout.readline() for _ in range(ENOUGH)]
        finally:
            child.kill()
        lines += child.stdout.read().splitlines(keepends=True)
    assert child.returncode == -9
    # The last line may have been cut off by the kill; it then acknowledges nothing that could be read.
    whole = [line.split() for line in lines if line.endswith("\n")]
    assert len(whole) >= ENOUGH
    return database, [(name, BatchId(batch)) for name, batch in whole]


@pytest.fixture
def survivor(aftermath: tuple[Path, list[tuple[str, BatchId]]], keys: Keys) -> World:
    """The store over that database, opened again."""
    return World(keys, OPENERS["sqlite"], aftermath[0])


def test_a_killed_process_loses_no_acknowledged_write(
    survivor: World, aftermath: tuple[Path, list[tuple[str, BatchId]]]
) -> None:
    with survivor.store.read() as stored:
        missing = [name for name, _ in aftermath[1] if stored.settings.get(name) != "there"]
    survivor.store.close()
    assert missing == []


def test_a_killed_process_loses_no_evidence(survivor: World, aftermath: tuple[Path, list[tuple[str, BatchId]]]) -> None:
    with survivor.store.read() as stored:
        missing = [name for name, batch in aftermath[1] if leaf_hash(name.encode()) not in stored.batches.leaves(batch)]
    survivor.store.close()
    assert missing == []


def test_the_store_of_a_killed_process_can_be_written_again(survivor: World) -> None:
    survivor.store.write(setting("after"))
    with survivor.store.read() as stored:
        found = stored.settings.get("after")
    survivor.store.close()
    assert found == "there"


def test_whoever_writes_while_the_store_closes_gets_a_true_answer(world: World) -> None:
    """Each job is either done and there, or refused and not there; nobody waits for ever."""
    answers: dict[str, Future[Committed[None]]] = {}
    closing = threading.Event()

    def write_on(thread: int) -> None:
        for number in range(2000):
            name = f"{thread}-{number}"
            answers[name] = submitted(world.store, setting(name))
            if closing.is_set() and isinstance(answers[name].exception(PATIENCE), Unavailable):
                return

    threads = [threading.Thread(target=write_on, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    closing.set()
    world.store.close()
    for thread in threads:
        thread.join(PATIENCE)
    told = {name for name, answer in answers.items() if answer.exception(PATIENCE) is None}
    with world.reopen().read() as stored:
        there = {name for name in answers if stored.settings.get(name) == "there"}
    assert told == there


def test_a_reader_that_stays_open_does_not_stop_writers(world: World) -> None:
    with world.store.read() as stored:
        for number in range(20):
            world.store.write(setting("count", str(number)))
        assert stored.settings.get("count") == "19"


def test_many_jobs_at_once_are_all_done(world: World) -> None:
    def job(number: int) -> Callable[[UnitOfWork], int]:
        def write(uow: UnitOfWork) -> int:
            uow.settings.set(f"of-{number}", "there")
            return number

        return write

    futures = [submitted(world.store, job(number)) for number in range(1000)]
    assert [future.result(PATIENCE).value for future in futures] == list(range(1000))


@pytest.mark.sqlite
def test_the_database_file_is_for_its_owner_only(world: World) -> None:
    assert world.path.stat().st_mode & 0o777 == 0o600
