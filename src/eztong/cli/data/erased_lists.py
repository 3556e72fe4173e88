"""The list of erased accounts across backups: merged at a restore, and made anew where it was damaged."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from eztong.adapters.clock import SystemClock
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.keys.private_files import write_private
from eztong.adapters.storage.beside.erased_list import (
    ErasedList,
    ErasedListDamaged,
    ErasedListOfAnother,
    TrustedLines,
    erased_list_of,
)
from eztong.adapters.storage.sqlite.integrity import check_integrity, rows_may_be_gone
from eztong.adapters.storage.stored.facts import ended_by_rows, has_accounts
from eztong.cli.data.backup_archive import opened_backup, unpack
from eztong.cli.data.draft_folder import draft_folder
from eztong.domain.errors import EztongError, StateConflict, Unavailable
from eztong.domain.identifiers import HolderId
from eztong.wiring.belonging import KeyringOfAnother, check_belonging
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
    listed.add(*ErasedList(of_backup, ring, SystemClock()).read(), *_named_before(database, ring).named)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedBefore:
    """Whom a database that is replaced has erased, as far as it can be asked, and why not all of it could be."""

    named: Sequence[HolderId] = ()
    unasked: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relisted:
    """A list that was made anew, or would be: how many accounts it names, and what of the one before is in it."""

    accounts: int
    kept: int
    lost: int
    """Accounts of lines that prove nothing, and that neither the database nor a backup knows."""
    unasked: str | None = None
    """Why the database could not be asked, or not for all of them."""


class ErasedUnknown(StateConflict):
    """Nothing is there that a list could be made from."""

    code = "erased_unknown"
    advice = "Give the backups with --from, or put the newest eztong.erased beside the database."

    def __init__(self, why: str) -> None:
        """Say why the database cannot be asked."""
        super().__init__(
            f"The database cannot be asked whom it has erased ({why}), and no list is there. {self.advice}"
        )


class ErasedListWhole(StateConflict):
    """There is nothing to make anew."""

    code = "erased_list_whole"
    advice = (
        "eztong.erased is whole: there is nothing to make anew. If it is an older copy, and the backups know of more, "
        "add --although-whole: what it names is kept."
    )


def relist(settings: Settings, backups: Sequence[Path], *, apply: bool, although_whole: bool = False) -> Relisted:
    """Make the list anew: every line of the present one whose tag fits, then whom database and ``backups`` know.

    The list of before is kept beside. Without ``apply`` nothing changes.

    Raises:
        ErasedListWhole: the present one is whole, and ``although_whole`` does not say that more is to be added.
        ErasedListOfAnother: the present one is another deployment's.
        ErasedUnknown: the database cannot be asked, and there is neither a list nor a backup.
        BackupInvalid, KeyringProblem, StateConflict: what it was to be made from cannot be relied on.
        OSError, FolderLocked: the list cannot be written; the one of before stands there.
    """
    ring = FileKeyring(settings.keyring, settings.root)
    path = erased_list_of(settings.database_file)
    listed = ErasedList(path, ring, SystemClock())
    if path.exists() and not although_whole:
        with suppress(ErasedListDamaged):
            listed.read()
            raise ErasedListWhole
    kept = listed.trusted()
    asked = erased_before(settings.database_file, ring)
    if asked.unasked is not None and not backups and not path.exists():
        raise ErasedUnknown(asked.unasked)
    known, doubtful = dict.fromkeys(asked.named), {*kept.doubtful}
    for backup in backups:
        erased, of_backup = _known_to(backup, ring)
        known |= dict.fromkeys([*erased, *of_backup.accounts])
        doubtful |= {*of_backup.doubtful}
    named = {*kept.accounts, *known}
    if apply:
        _keep_before(path)
        listed.make_anew(kept.said, accounts=known)
    return Relisted(accounts=len(named), kept=len(kept.said), lost=len(doubtful - named), unasked=asked.unasked)


def _keep_before(path: Path) -> None:
    """Copy the list to a name that nothing has yet: what was set aside first may be the one that matters."""
    if not path.exists():
        return
    others = (path.with_name(f"{path.name}{_BEFORE}-{number}") for number in count(2))
    kept = next(one for one in chain([path.with_name(path.name + _BEFORE)], others) if not one.exists())
    write_private(kept, path.read_bytes())


def _known_to(backup: Path, ring: FileKeyring) -> tuple[Sequence[HolderId], TrustedLines]:
    """Return whom a backup's database has erased, and what its list proves: it may have been damaged before."""
    with draft_folder(Path(tempfile.gettempdir())) as folder, opened_backup(backup) as (tar, manifest):
        unpack(tar, manifest, folder)
        check_belonging(folder / "eztong.db", ring)
        listed = ErasedList(folder / "eztong.erased", ring, SystemClock())
        return ended_by_rows(folder / "eztong.db").named, listed.trusted()


def erased_before(database: Path, ring: FileKeyring) -> ErasedBefore:
    """Ask a database that is about to be replaced whom it has erased, and whether it can know of all.

    Of one that is another's nothing is believed.
    """
    found = _named_before(database, ring)
    if found.unasked is not None or not database.exists():
        return found
    return replace(found, unasked=_doubt_of(database))


def _named_before(database: Path, ring: FileKeyring) -> ErasedBefore:
    if not database.exists():
        return ErasedBefore()
    try:
        if not has_accounts(database):
            return ErasedBefore(unasked="it has no table of accounts")
        check_belonging(database, ring)
        found = ended_by_rows(database)
    except KeyringOfAnother:
        return ErasedBefore(unasked="by what it says it was made with another keyring than the backup")
    except Unavailable as error:
        return ErasedBefore(unasked=f"it may be whole and cannot be read now: {error.detail}")
    except (EztongError, SQLAlchemyError, sqlite3.Error):
        return ErasedBefore(unasked="it cannot be read")
    missing = f"{found.unreadable} of those whom it has erased have no readable name" if found.unreadable else None
    return ErasedBefore(named=found.named, unasked=missing)


def _doubt_of(database: Path) -> str | None:
    try:
        lines = check_integrity(database)
    except EztongError:
        return "its file is damaged; whom it still names is known"
    if rows_may_be_gone(lines):
        return "rows of it may be gone; whom it still names is known"
    return None
