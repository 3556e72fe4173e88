"""The list of erased accounts: only ever appended, whole after a crash, and believed only as it was written."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.adapters.storage.beside.erased_list import (
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


def keyring(folder: Path) -> FileKeyring:
    return create_keyring(
        folder / "keyring.json", folder / "root.key", entropy=SystemEntropy(), now=SystemClock().now()
    )


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> FileKeyring:
    return keyring(tmp_path_factory.mktemp("keys") / "k")


@pytest.fixture
def listed(path: Path, ring: FileKeyring) -> ErasedList:
    return ErasedList(path, ring, SystemClock())


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
    other = ErasedList(path, keyring(tmp_path / "other"), SystemClock())
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


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Let the system refuse to write further into any file, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("cut", [0, 1])
def test_a_full_disk_takes_nothing_of_what_stands_there(path: Path, listed: ErasedList, cut: int) -> None:
    many = [HolderId(f"hld_{number:026d}") for number in range(200)]
    listed.add(*many)
    path.write_bytes(path.read_bytes()[: path.stat().st_size - cut])
    with no_file_longer_than(4096), pytest.raises(OSError, match="File too large"):
        listed.add(ONE)
    with no_file_longer_than(path.stat().st_size + 20), pytest.raises(OSError, match="File too large"):
        listed.add(ONE)
    assert listed.read() == many
    listed.add(ONE)
    assert listed.read() == [*many, ONE]


def test_two_processes_add_one_after_the_other(path: Path, listed: ErasedList, ring: FileKeyring) -> None:
    sides = [ErasedList(path, ring, SystemClock()) for _ in range(2)]
    names = [[HolderId(f"hld_{side}_{number}") for number in range(20)] for side in range(2)]

    def add_all(side: int) -> int:
        return sum(sides[side].add(one) for one in names[side])

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(add_all, range(2))) == [20, 20]
    assert sorted(listed.read()) == sorted([*names[0], *names[1]])


@pytest.mark.parametrize(
    ("damage", "proved", "doubtful"),
    [
        ("nothing", [ONE, TWO, THREE], []),
        ("other account", [ONE, THREE], ["hld_x"]),
        ("other tag", [ONE, TWO, THREE], []),
        ("other last tag", [ONE, TWO], [THREE]),
        ("line out", [ONE], [THREE]),
        ("no text", [ONE, THREE], ["\ufffd\ufffd"]),
        ("head", [ONE, TWO, THREE], ["eztong/erased/v9"]),
        ("head out", [ONE, TWO, THREE], []),
    ],
)
def test_a_damaged_list_still_proves_every_line_whose_tag_fits(
    path: Path, listed: ErasedList, damage: str, proved: list[HolderId], doubtful: list[str]
) -> None:
    for one in (ONE, TWO, THREE):
        listed.add(one)
    head, first, second, third, end = path.read_bytes().split(b"\n")
    other = {
        "nothing": [],
        "other account": [head, first, second.replace(TWO.encode(), b"hld_x"), third, end],
        "other tag": [head, first, second[:-1] + b"z", third, end],
        "other last tag": [head, first, second, third[:-1] + b"z", end],
        "line out": [head, first, third, end],
        "no text": [head, first, b"\xff\xfe" + second[5:], third, end],
        "head": [head.replace(b"v1", b"v9"), first, second, third, end],
        "head out": [first, second, third, end],
    }[damage]
    path.write_bytes(b"\n".join(other or [head, first, second, third, end]))
    found = listed.trusted()
    assert (found.accounts, found.doubtful) == (proved, doubtful)


def test_a_list_that_is_made_anew_keeps_when_each_account_was_erased(path: Path, listed: ErasedList) -> None:
    listed.add(ONE, TWO)
    before = path.read_bytes()
    listed.make_anew(listed.trusted().said, accounts=[TWO])
    assert path.read_bytes() == before
    listed.make_anew(listed.trusted().said, accounts=[THREE, ONE])
    assert listed.read() == [ONE, TWO, THREE]
    assert path.stat().st_mode & 0o777 == 0o600
