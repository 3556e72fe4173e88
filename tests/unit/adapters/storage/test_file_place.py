"""A database file that is moved away or exchanged under the service is noticed, and none is made where it lay."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from eztong.adapters.storage.sqlite.connections import connect_reader, empty_wal
from eztong.adapters.storage.sqlite.place import FilePlace
from eztong.adapters.storage.sqlite.store import SqliteStore
from eztong.domain.errors import Unavailable


def exchanged(file: Path) -> None:
    shutil.copyfile(file, file.with_suffix(".copy"))
    file.with_suffix(".copy").replace(file)


@pytest.mark.parametrize(
    "lose",
    [exchanged, Path.unlink, lambda file: file.rename(file.with_suffix(".away"))],
    ids=["exchanged", "removed", "moved away"],
)
def test_a_file_that_is_not_where_it_was_opened_ends_readiness(
    store: SqliteStore, tmp_path: Path, lose: Callable[[Path], object]
) -> None:
    store.check_health()
    assert store.is_in_place()
    lose(tmp_path / "eztong.db")
    assert not store.is_in_place()
    with pytest.raises(Unavailable, match="not where the service opened it"):
        store.check_health()


def test_one_that_is_put_back_is_in_its_place_again(store: SqliteStore, tmp_path: Path) -> None:
    file, away = tmp_path / "eztong.db", tmp_path / "away"
    file.rename(away)
    assert not store.is_in_place()
    away.rename(file)
    assert store.is_in_place()
    store.check_health()


def test_where_nobody_can_look_it_is_not_in_its_place(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "file"
    file.parent.mkdir()
    file.touch()
    place = FilePlace(file)
    file.parent.rename(tmp_path / "away")
    file.parent.touch()
    assert not place.is_kept()


@pytest.mark.parametrize("act", [lambda file: connect_reader(file, may_wait=True), empty_wal], ids=["read", "empty"])
def test_nothing_is_made_where_a_file_was_moved_away(tmp_path: Path, act: Callable[[Path], object]) -> None:
    with pytest.raises(Unavailable):
        act(tmp_path / "eztong.db")
    assert list(tmp_path.iterdir()) == []
