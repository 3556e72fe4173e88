"""The list of erased accounts: only ever appended, whole after a crash, and believed only as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import create_keyring
from eztong.adapters.storage.sqlite.erased_list import ErasedList, erased_list_of
from eztong.domain.errors import ProofInvalid
from eztong.domain.identifiers import HolderId

ONE, TWO, THREE = (HolderId(f"hld_{number}") for number in range(3))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return erased_list_of(tmp_path / "eztong.db")


@pytest.fixture
def listed(path: Path, tmp_path: Path) -> ErasedList:
    keys = create_keyring(
        tmp_path / "k" / "keyring.json",
        tmp_path / "k" / "root.key",
        entropy=SystemEntropy(),
        now=SystemClock().now(),
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
    assert path.read_bytes().count(b"\n") == 2


@pytest.mark.parametrize("damage", ["first line out", "other account", "other tag", "no text"])
def test_whatever_was_changed_without_the_keys_is_found(path: Path, listed: ErasedList, damage: str) -> None:
    for one in (ONE, TWO, THREE):
        listed.add(one)
    text = path.read_bytes()
    changed = {
        "first line out": text.partition(b"\n")[2],
        "other account": text.replace(TWO.encode(), b"hld_x"),
        "other tag": text[:-2] + (b"0" if text[-2:-1] != b"0" else b"1") + b"\n",
        "no text": b"\xff\xfe\n",
    }[damage]
    path.write_bytes(changed)
    with pytest.raises(ProofInvalid):
        listed.read()
    with pytest.raises(ProofInvalid):
        listed.add(HolderId("hld_9"))
