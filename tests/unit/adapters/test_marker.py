"""The mark is written at most once a second, only for something new, and never goes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eztong.adapters.storage.beside.marker import Marker
from eztong.adapters.storage.beside.marks import Marks, raise_marks, read_marks, write_marks
from eztong.domain.errors import ProofInvalid
from eztong.gm.sm2 import PrivateKey
from tests.simulators.batches import FIRST, Signer, signed_batch

SIGNER = Signer("results-1", PrivateKey.generate())


def note(number: int, *, writer: str = FIRST.writer) -> str:
    return signed_batch([{"n": number}], SIGNER, place=replace(FIRST, number=number, writer=writer)).note


class Committing:
    """What a store committed last, and the time it is."""

    def __init__(self) -> None:
        self.newest: str | None = None
        self.now = 100.0


def test_it_is_written_at_most_once_a_second_and_only_for_something_new(tmp_path: Path) -> None:
    mark, store = tmp_path / "x.mark", Committing()
    marker = Marker(mark, lambda: [store.newest] if store.newest else [], now=lambda: store.now)
    assert not marker.write_if_due()
    store.newest = note(1)
    assert marker.write_if_due()
    store.newest, store.now = note(2), 100.9
    assert not marker.write_if_due()
    store.now = 101.1
    assert marker.write_if_due()
    store.now = 200.0
    assert not marker.write_if_due()
    assert list(read_marks(mark).notes) == [store.newest]


def test_of_each_writer_the_highest_number_stays(tmp_path: Path) -> None:
    mark = tmp_path / "x.mark"
    other = FIRST.writer[:-1] + "1"
    raise_marks(mark, [note(5)])
    kept = list(read_marks(mark).notes)
    raise_marks(mark, [note(3)])
    assert list(read_marks(mark).notes) == kept
    raise_marks(mark, [note(1, writer=other)])
    assert len(read_marks(mark).notes) == 2
    assert kept[0] in read_marks(mark).notes


def test_writers_that_ended_stay_named(tmp_path: Path) -> None:
    mark = tmp_path / "x.mark"
    write_marks(mark, Marks([note(1)], [FIRST.writer]))
    raise_marks(mark, [note(2)])
    assert list(read_marks(mark).ended) == [FIRST.writer]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": "x"}', b'{"format": "eztong/marks/v1"}', b"\xff"])
def test_a_mark_that_is_none_is_refused(content: bytes, tmp_path: Path) -> None:
    mark = tmp_path / "x.mark"
    mark.write_bytes(content)
    with pytest.raises(ProofInvalid):
        read_marks(mark)


def test_no_mark_says_nothing(tmp_path: Path) -> None:
    assert read_marks(tmp_path / "x.mark") == Marks()
