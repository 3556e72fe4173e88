"""The end of backups: what they hold of erased accounts goes with them (clause 2.13; PIPL art. 47)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from eztong.adapters.keys.keyring_file import root_key_id_of
from eztong.adapters.keys.problems import KeyringDamaged
from eztong.cli.data.backup_archive import BackupInvalid, opened_backup, part_of
from eztong.domain.canonical_json import DocumentMalformed, parse_time

_MAX_KEYRING: Final = 1 << 20
KEEP_NEWEST: Final = 3
"""Backups that stay whatever their age: a clock that leapt ahead must not leave one alone."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """Backups that were removed, those that are too old and stay as some of the newest, and what is none of ours."""

    removed: Sequence[Path]
    kept: Sequence[Path]
    passed: Sequence[Path]


def prune_backups(folder: Path, *, of: str, now: datetime, keep: timedelta) -> Pruned:
    """Remove the backups in ``folder`` that are older than ``keep``, but for the newest; return what was done.

    ``of`` names the root key of the deployment: backups of others stay, and so does whatever else lies there. One that
    cannot be restored counts as none of the newest: it takes no good one away.
    """
    found = {path: _made(path, of) for path in sorted(folder.glob("*.tar"))}
    ours = sorted((made.at, path, made.is_damaged) for path, made in found.items() if made is not None)
    old = [path for at, path, _ in ours if at < now - keep]
    newest = {path for _, path, _ in [one for one in ours if not one[2]][-KEEP_NEWEST:]}
    removed = [path for path in old if path not in newest]
    for path in removed:
        path.unlink()
    passed = [path for path, made in found.items() if made is None]
    return Pruned(removed, [path for path in old if path in newest], passed)


@dataclass(frozen=True, slots=True)
class _Made:
    at: datetime
    is_damaged: bool


def _made(path: Path, of: str) -> _Made | None:
    if not path.is_file() or path.is_symlink():
        return None
    try:
        with opened_backup(path) as (tar, manifest):
            is_ours = root_key_id_of(part_of(tar, "keyring.json").read(_MAX_KEYRING)) == of
            return _Made(parse_time(manifest.created_at), manifest.is_damaged) if is_ours else None
    except (BackupInvalid, DocumentMalformed, KeyringDamaged, OSError):
        # Nobody knows what it is, or how old: it is not ours to remove.
        return None
