"""The end of backups: what they hold of erased accounts goes with them (clause 2.13; PIPL art. 47)."""

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from eztong.cli.data.backup_archive import BackupInvalid, read_manifest
from eztong.domain.canonical_json import DocumentMalformed, parse_time


def prune_backups(folder: Path, *, now: datetime, keep: timedelta) -> Sequence[Path]:
    """Remove the backups in ``folder`` that are older than ``keep``; return them. Whatever else lies there stays."""
    old = [path for path in sorted(folder.glob("*.tar")) if _is_older(path, now - keep)]
    for path in old:
        path.unlink()
    return old


def _is_older(path: Path, moment: datetime) -> bool:
    if not path.is_file() or path.is_symlink():
        return False
    try:
        with tarfile.open(path, mode="r:") as tar:
            return parse_time(read_manifest(tar).created_at) < moment
    except (tarfile.TarError, BackupInvalid, DocumentMalformed, OSError):
        # Nobody knows what it is, or how old: it is not ours to remove.
        return False
