"""Backups end: old ones of ours go, and nothing else that lies beside them."""

from __future__ import annotations

import io
import json
import tarfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eztong.cli.data.backup_archive import BackupInvalid, check_archive
from eztong.cli.data.prune import KEEP_NEWEST, Pruned, prune_backups
from eztong.domain.canonical_json import render_time
from tests.simulators.commands import run_one

NOW = datetime(2026, 3, 1, tzinfo=UTC)
KEEP = timedelta(days=30)


OURS, OTHERS = "0123456789abcdef", "fedcba9876543210"


def backup(folder: Path, name: str, made: datetime, *, of: str | None = OURS, **more: object) -> Path:
    keyring = b"{}" if of is None else json.dumps({"root_key_id": of}).encode()
    contents = {"eztong.db": b"", "keyring.json": keyring}
    parts = {part: {"sm3": "00", "size": 0} for part in contents}
    manifest = {"format": "eztong/backup/v1", "created_at": render_time(made), "mode": "sandbox", "schema": "1"}
    path = folder / name
    with tarfile.open(path, "w") as tar:
        for member, content in (
            ("manifest.json", json.dumps(manifest | {"parts": parts} | more).encode()),
            *contents.items(),
        ):
            info = tarfile.TarInfo(member)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def newest(folder: Path) -> list[Path]:
    return [backup(folder, f"new-{number}.tar", NOW - timedelta(days=number)) for number in range(KEEP_NEWEST)]


def test_what_is_older_goes_and_the_rest_stays(tmp_path: Path) -> None:
    old = backup(tmp_path, "old.tar", NOW - KEEP - timedelta(seconds=1))
    kept = [backup(tmp_path, "new.tar", NOW - KEEP), *newest(tmp_path)]
    (tmp_path / "other.tar").write_bytes(b"somebody else's")
    (tmp_path / "folder.tar").mkdir()
    others = {"folder.tar", "link.tar", "other.tar"}
    (tmp_path / "link.tar").symlink_to(tmp_path / "new.tar")
    passed = [tmp_path / name for name in sorted(others)]
    assert prune_backups(tmp_path, of=OURS, now=NOW, keep=KEEP) == Pruned([old], [], passed)
    assert {path.name for path in tmp_path.iterdir()} == {*(path.name for path in kept), *others}


@pytest.mark.parametrize("of", [OTHERS, None])
def test_a_backup_of_another_deployment_stays_however_old(tmp_path: Path, of: str | None) -> None:
    newest(tmp_path)
    other = backup(tmp_path, "a.tar", NOW - 9 * KEEP, of=of)
    assert prune_backups(tmp_path, of=OURS, now=NOW, keep=KEEP) == Pruned([], [], [other])
    assert other.exists()


LINK, FOLDER, HARD = tarfile.SYMTYPE, tarfile.DIRTYPE, tarfile.LNKTYPE
ODD: dict[str, tuple[str, bytes, str]] = {
    "a manifest that leads nowhere": ("manifest.json", LINK, "nowhere"),
    "a manifest that leads to itself": ("manifest.json", LINK, "manifest.json"),
    "a manifest that is a folder": ("manifest.json", FOLDER, ""),
    "a manifest that is a second name": ("manifest.json", HARD, "eztong.db"),
    "a keyring that leads nowhere": ("keyring.json", LINK, "nowhere"),
    "a keyring that leads to itself": ("keyring.json", HARD, "keyring.json"),
    "a keyring that is a folder": ("keyring.json", FOLDER, ""),
    "a keyring with holes": ("keyring.json", tarfile.GNUTYPE_SPARSE, ""),
    "a database that leads nowhere": ("eztong.db", LINK, "nowhere"),
}


def odd(folder: Path, name: str, kind: bytes, leads_to: str) -> Path:
    """A backup of ours in all, but for one part that is no file."""
    whole, path = backup(folder, "whole", NOW - 9 * KEEP), folder / "odd.tar"
    with tarfile.open(whole) as source, tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
        for member in source.getmembers():
            if member.name == name:
                member.type, member.linkname, member.size = kind, leads_to, 0
            tar.addfile(member, source.extractfile(member) if member.isreg() else None)
    whole.unlink()
    return path


@pytest.mark.parametrize("what", ODD)
def test_a_tar_whose_parts_are_no_files_is_passed_over_and_not_restored(tmp_path: Path, what: str) -> None:
    newest(tmp_path)
    path = odd(tmp_path, *ODD[what])
    pruned = prune_backups(tmp_path, of=OURS, now=NOW, keep=KEEP)
    assert (pruned.removed, path.exists()) == ([], True) or "database" in what
    path = odd(tmp_path, *ODD[what])
    refused = run_one(("db", "restore", str(path)), tmp_path / "data")
    assert (refused.code, "[backup_invalid]" in refused.err) == (3, True), refused


def test_whatever_the_head_of_a_tar_says_it_is_one_sentence(tmp_path: Path) -> None:
    """Each byte of it in turn is another one, and the head's own sum fits."""
    whole = backup(tmp_path, "whole", NOW - 9 * KEEP).read_bytes()
    heads = [at for at in range(0, len(whole) - 512, 512) if whole[at + 257 : at + 262] == b"ustar"]
    path = tmp_path / "odd.tar"
    for number in range(210):
        content, head = bytearray(whole), heads[number % len(heads)]
        content[head + number * 7 % 512] = (0, 0x80, 0xFF, ord("x"), ord("L"), ord("7"))[number % 6]
        content[head + 148 : head + 156] = b" " * 8
        content[head + 148 : head + 156] = b"%06o\0 " % sum(content[head : head + 512])
        path.write_bytes(content[: len(whole) if number % 2 else number * 57])
        with suppress(BackupInvalid):
            check_archive(path)
        prune_backups(tmp_path, of=OURS, now=NOW, keep=KEEP)


def test_a_clock_that_leapt_ahead_leaves_the_newest(tmp_path: Path) -> None:
    just_written = backup(tmp_path, "z.tar", NOW + 3 * KEEP)
    before = newest(tmp_path)
    pruned = prune_backups(tmp_path, of=OURS, now=NOW + 3 * KEEP, keep=KEEP)
    assert pruned == Pruned([before[2]], [before[1], before[0]], [])
    assert just_written.exists()


def test_backups_that_cannot_be_restored_take_no_good_one_away(tmp_path: Path) -> None:
    good = [backup(tmp_path, f"good-{number}.tar", NOW - KEEP * (2 + number)) for number in range(KEEP_NEWEST)]
    damaged = [backup(tmp_path, f"bad-{number}.tar", NOW - timedelta(days=number), damaged=True) for number in range(4)]
    pruned = prune_backups(tmp_path, of=OURS, now=NOW, keep=KEEP)
    assert (pruned.removed, set(pruned.kept)) == ([], set(good))
    assert all(path.exists() for path in (*good, *damaged))
