"""The list of erased accounts: only ever appended, whole after a crash, and believed only as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import create_keyring
from eztong.adapters.storage.sqlite.erased_list import (
    ErasedList,
    ErasedListDamaged,
    ErasedListOfAnother,
    erased_list_of,
)
from eztong.domain.identifiers import HolderId

ONE, TWO, THREE = (HolderId(f"hld_{number}") for number in range(3))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return erased_list_of(tmp_path / "eztong.db")


@pytest.fixture
def listed(path: Path, tmp_path: Path) -> ErasedList:
    return listed_by(path, tmp_path / "k")


def listed_by(path: Path, folder: Path) -> ErasedList:
    keys = create_keyring(
        folder / "keyring.json", folder / "root.key", entropy=SystemEntropy(), now=SystemClock().now()
    )
    return ErasedList(path, keys, SystemClock())


def test_accounts_stand_there_once_in_their_order_for_their_owner_only(path: Path, listed: ErasedList) -> None:
    assert listed.read() == []
    for one in (ONE, TWO, ONE, THREE):
        listed.add(one)
    assert listed.read() == [ONE, TWO, THREE]
    assert path.name == "eztong.erased"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_line_that_a_crash_cut_off_is_none_and_is_written_over(path: Path, listed: ErasedList) -> None:
    listed.add(ONE)
    with path.open("ab") as file:
        file.write(b"hld_9 2026-01-15T01:00:00.0")
    assert listed.read() == [ONE]
    listed.add(TWO)
    assert listed.read() == [ONE, TWO]
    assert path.read_bytes().count(b"\n") == 3


@pytest.mark.parametrize("kept", [0, 5, 20])
def test_a_first_line_that_a_crash_cut_off_is_written_again(path: Path, listed: ErasedList, kept: int) -> None:
    listed.add(ONE)
    path.write_bytes(path.read_bytes()[:kept])
    assert listed.read() == []
    listed.add(TWO)
    assert listed.read() == [TWO]


def test_a_last_line_that_lost_its_end_counts(path: Path, listed: ErasedList) -> None:
    assert listed.add(ONE, TWO, ONE) == 2
    path.write_bytes(path.read_bytes()[:-1])
    assert listed.read() == [ONE, TWO]
    assert (listed.add(TWO), listed.add(TWO, THREE)) == (0, 1)
    assert listed.read() == [ONE, TWO, THREE]
    assert path.read_bytes().count(b"\n") == 4


def test_the_list_of_another_deployment_is_told_from_a_damaged_one(
    path: Path, listed: ErasedList, tmp_path: Path
) -> None:
    listed.add(ONE)
    other = listed_by(path, tmp_path / "other")
    with pytest.raises(ErasedListOfAnother):
        other.read()
    with pytest.raises(ErasedListOfAnother):
        other.add(TWO)
    assert listed.read() == [ONE]


@pytest.mark.parametrize("damage", ["head out", "first line out", "other account", "other tag", "no text"])
def test_whatever_was_changed_without_the_keys_is_found(path: Path, listed: ErasedList, damage: str) -> None:
    for one in (ONE, TWO, THREE):
        listed.add(one)
    text = path.read_bytes()
    changed = {
        "head out": text.partition(b"\n")[2],
        "first line out": b"\n".join(text.split(b"\n")[:1] + text.split(b"\n")[2:]),
        "other account": text.replace(TWO.encode(), b"hld_x"),
        "other tag": text[:-2] + (b"0" if text[-2:-1] != b"0" else b"1") + b"\n",
        "no text": b"\xff\xfe\n",
    }[damage]
    path.write_bytes(changed)
    with pytest.raises(ErasedListDamaged):
        listed.read()
    with pytest.raises(ErasedListDamaged):
        listed.add(HolderId("hld_9"))
