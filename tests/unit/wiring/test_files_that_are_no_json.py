"""Files of ours whose JSON is none: whatever is in them, the error says which file it is."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from eztong.adapters.storage.beside.marks import read_marks
from eztong.cli.data.backup_archive import BackupInvalid, opened_backup
from eztong.domain.errors import EztongError, ProofInvalid
from eztong.wiring.authority_keys import AuthorityKeysDamaged, load

CONTENTS = {
    "empty": b"",
    "no text": b"\xff\xfe",
    "a number": b"5",
    "a list": b"[]",
    "a number that is too long": b'{"format": ' + b"9" * 5000 + b"}",
    "lists without end": b"[" * 100_000,
    "objects without end": b'{"format":' * 100_000,
    "closed lists, deeply": b'{"format":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
}


def manifest_in(file: Path) -> object:
    content, packed = file.read_bytes()[:60_000], file.with_suffix(".tar")
    with tarfile.open(packed, mode="w") as tar:
        member = tarfile.TarInfo("manifest.json")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    with opened_backup(packed) as (_, manifest):
        return manifest


READERS: dict[str, tuple[Callable[[Path], object], type[EztongError]]] = {
    "mark": (read_marks, ProofInvalid),
    "keys of the authority": (load, AuthorityKeysDamaged),
    "manifest": (manifest_in, BackupInvalid),
}


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("reader", READERS)
def test_whatever_the_file_holds_is_named(reader: str, content: str, tmp_path: Path) -> None:
    read, error = READERS[reader]
    file = tmp_path / "file"
    file.write_bytes(CONTENTS[content])
    with pytest.raises(error):
        read(file)
