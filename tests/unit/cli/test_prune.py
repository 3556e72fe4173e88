"""Backups end: old ones of ours go, and nothing else that lies beside them."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eztong.cli.data.prune import KEEP_NEWEST, Pruned, prune_backups
from eztong.domain.canonical_json import render_time

NOW = datetime(2026, 3, 1, tzinfo=UTC)
KEEP = timedelta(days=30)


OURS, OTHERS = "0123456789abcdef", "fedcba9876543210"


def backup(folder: Path, name: str, made: datetime, *, of: str | None = OURS) -> Path:
    keyring = b"{}" if of is None else json.dumps({"root_key_id": of}).encode()
    contents = {"eztong.db": b"", "keyring.json": keyring}
    parts = {part: {"sm3": "00", "size": 0} for part in contents}
    manifest = {"format": "eztong/backup/v1", "created_at": render_time(made), "mode": "sandbox", "schema": "1"}
    path = folder / name
    with tarfile.open(path, "w") as tar:
        for member, content in (("manifest.json", json.dumps(manifest | {"parts": parts}).encode()), *contents.items()):
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
    (tmp_path / "link.tar").symlink_to(tmp_path / "new.tar")
    assert prune_backups(tmp_path, of=OURS, now=NOW, keep=KEEP) == Pruned([old], [])
    others = {"folder.tar", "link.tar", "other.tar"}
    assert {path.name for path in tmp_path.iterdir()} == {*(path.name for path in kept), *others}


@pytest.mark.parametrize("of", [OTHERS, None])
def test_a_backup_of_another_deployment_stays_however_old(tmp_path: Path, of: str | None) -> None:
    newest(tmp_path)
    other = backup(tmp_path, "a.tar", NOW - 9 * KEEP, of=of)
    assert prune_backups(tmp_path, of=OURS, now=NOW, keep=KEEP) == Pruned([], [])
    assert other.exists()


def test_a_clock_that_leapt_ahead_leaves_the_newest(tmp_path: Path) -> None:
    just_written = backup(tmp_path, "z.tar", NOW + 3 * KEEP)
    before = newest(tmp_path)
    pruned = prune_backups(tmp_path, of=OURS, now=NOW + 3 * KEEP, keep=KEEP)
    assert pruned == Pruned([before[2]], [before[1], before[0]])
    assert just_written.exists()
