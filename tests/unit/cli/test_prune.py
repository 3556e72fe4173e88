"""Backups end: old ones of ours go, and nothing else that lies beside them."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from eztong.cli.data.prune import prune_backups
from eztong.domain.canonical_json import render_time

NOW = datetime(2026, 3, 1, tzinfo=UTC)
KEEP = timedelta(days=30)


def backup(folder: Path, name: str, made: datetime) -> Path:
    parts = {part: {"sm3": "00", "size": 0} for part in ("eztong.db", "keyring.json")}
    manifest = {"format": "eztong/backup/v1", "created_at": render_time(made), "mode": "sandbox", "schema": "1"}
    path = folder / name
    with tarfile.open(path, "w") as tar:
        for member, content in (
            ("manifest.json", json.dumps(manifest | {"parts": parts}).encode()),
            *((p, b"") for p in parts),
        ):
            info = tarfile.TarInfo(member)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def test_what_is_older_goes_and_the_rest_stays(tmp_path: Path) -> None:
    old = backup(tmp_path, "old.tar", NOW - KEEP - timedelta(seconds=1))
    backup(tmp_path, "new.tar", NOW - KEEP)
    (tmp_path / "other.tar").write_bytes(b"somebody else's")
    (tmp_path / "folder.tar").mkdir()
    (tmp_path / "link.tar").symlink_to(tmp_path / "new.tar")
    assert prune_backups(tmp_path, now=NOW, keep=KEEP) == [old]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.tar", "link.tar", "new.tar", "other.tar"]
