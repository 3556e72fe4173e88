"""What an erasure leaves in the files: no index of whoever left, once they are brought up to date (2.13)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing

from eztong.domain.identity.citizen_number import DocumentType
from eztong.usecases.vault import number_index, phone_index
from tests.unit.usecases.deregistration.leaving import leave
from tests.unit.usecases.stage import FILE, LI, WANG, Person, Stage


def places(stage: Stage, person: Person) -> Iterable[str]:
    """Return where the indexes of a person stand."""
    indexes = {
        "number": number_index(DocumentType.RESIDENT_ID.value, person.number, keys=stage.keys),
        "phone": phone_index(person.phone, keys=stage.keys),
    }
    files = {file.name: file.read_bytes() for file in stage.folder.iterdir() if file.is_file()}
    return {f"{what} in {name}" for name, held in files.items() for what, index in indexes.items() if index in held}


def test_an_index_of_whoever_left_stands_in_no_file_though_the_service_goes_on(stage: Stage) -> None:
    everywhere = {f"{what} in {name}" for what in ("number", "phone") for name in (FILE, f"{FILE}-wal")}
    leave(stage)
    assert places(stage, LI) == everywhere
    assert stage.store.forget_overwritten()
    assert places(stage, LI) == set()
    assert places(stage, WANG) == {f"{what} in {FILE}" for what in ("number", "phone")}


def test_somebody_who_reads_just_then_is_waited_for(stage: Stage) -> None:
    leave(stage)
    with closing(sqlite3.connect(stage.folder / FILE, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM holders").fetchone()
        stage.unlock(WANG)
        assert not stage.store.forget_overwritten()
        reader.execute("COMMIT")
    assert stage.store.forget_overwritten()
    assert places(stage, LI) == set()
