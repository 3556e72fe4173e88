"""The list of erased accounts across backups: merged at a restore, and made anew where it was damaged."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from eztong.adapters.clock import SystemClock
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.erased_list import ErasedList, ErasedListOfAnother, erased_list_of
from eztong.adapters.storage.sqlite.stored import erased_accounts, stored_setting
from eztong.cli.data.backup_archive import BackupInvalid, read_manifest, unpack
from eztong.cli.data.draft_folder import draft_folder
from eztong.domain.errors import EztongError
from eztong.domain.identifiers import HolderId
from eztong.wiring.belonging import FINGERPRINT_SETTING, check_belonging, fingerprint
from eztong.wiring.settings import Settings

BEFORE_RESTORE: Final = ".before-restore"
_BEFORE: Final = ".before-relist"


def merge_lists(database: Path, of_backup: Path, ring: FileKeyring) -> None:
    """Add to the list beside ``database`` whom a backup's list names, and whom the database of before has erased.

    A list of another deployment is set aside first. Nothing else changes, so that it may be done again.

    Raises:
        ErasedListDamaged: one of the two lists cannot be relied on.
        OSError: the list cannot be written.
    """
    path = erased_list_of(database)
    listed = ErasedList(path, ring, SystemClock())
    try:
        listed.read()
    except ErasedListOfAnother:
        path.replace(path.with_name(path.name + BEFORE_RESTORE))
    listed.add(*ErasedList(of_backup, ring, SystemClock()).read(), *_erased_under(database, ring))


def relist(settings: Settings, backups: Sequence[Path], *, apply: bool) -> int:
    """Make the list anew from the database and ``backups``; return how many accounts it names.

    The list of before is set aside. Without ``apply`` nothing changes.

    Raises:
        BackupInvalid, KeyringProblem, StateConflict: what it was to be made from cannot be relied on.
        OSError: the list cannot be written.
    """
    ring = FileKeyring(settings.keyring, settings.root_key)
    known = dict.fromkeys(erased_accounts(settings.database))
    for backup in backups:
        known |= dict.fromkeys(_known_to(backup, ring))
    if apply:
        path = erased_list_of(settings.database)
        if path.exists():
            path.replace(path.with_name(path.name + _BEFORE))
        ErasedList(path, ring, SystemClock()).add(*known)
    return len(known)


def _known_to(backup: Path, ring: FileKeyring) -> Iterator[HolderId]:
    try:
        with draft_folder(Path(tempfile.gettempdir())) as folder, tarfile.open(backup, mode="r:") as tar:
            unpack(tar, read_manifest(tar), folder)
            check_belonging(folder / "eztong.db", ring)
            yield from erased_accounts(folder / "eztong.db")
            yield from ErasedList(folder / "eztong.erased", ring, SystemClock()).read()
    except tarfile.TarError as error:
        raise BackupInvalid("The file is no tar, or ends too early.") from error


def _erased_under(database: Path, ring: FileKeyring) -> Sequence[HolderId]:
    """Return whom a database that is about to be replaced has erased; nobody if it is another's, or unreadable."""
    with suppress(EztongError):
        if stored_setting(database, FINGERPRINT_SETTING) == fingerprint(ring):
            return erased_accounts(database)
    return []
