"""A backup: one tar with the database, the keyring and a manifest of SM3 hashes. Never the root key.

::

    manifest.json   {"format": "eztong/backup/v1", "created_at": ..., "mode": ..., "schema": ...,
                     "parts": {"eztong.db": {"sm3": "<hex>", "size": 4096}, ...},
                     "marks": ["<the newest signed note of each writer in the database>", ...]}
    eztong.db       the database, copied by SQLite's own backup
    keyring.json    the keyring, sealed under the root key
    authority.json  in the sandbox only: the keys of its invented authority
    eztong.erased   the list of erased accounts, once there are any
"""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final

from eztong.adapters.clock import SystemClock
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.keys.private_files import sync_folder, write_private
from eztong.adapters.storage.beside.erased_list import erased_list_of
from eztong.adapters.storage.sqlite.connections import DatabaseDamaged, told_as_ours
from eztong.adapters.storage.sqlite.integrity import check_integrity, rows_may_be_gone
from eztong.adapters.storage.sqlite.schema import copy_database, schema_version
from eztong.cli.console import say
from eztong.cli.data.audit_batches import NOTES_PASSED_OVER, newest_notes
from eztong.cli.data.audit_report import rows_of
from eztong.cli.data.damaged_rows import NAMES_ROWS, said_of_rows
from eztong.cli.data.draft_folder import draft_folder
from eztong.domain.canonical_json import DocumentMalformed, parse_document, render_time
from eztong.domain.errors import EztongError, StateConflict
from eztong.gm.sm3 import sm3, sm3_state
from eztong.ports.services import Mode
from eztong.wiring.belonging import KEYRING_BEHIND, check_belonging, check_restored, reaches
from eztong.wiring.settings import Settings

FORMAT: Final = "eztong/backup/v1"
MANIFEST: Final = "manifest.json"
_DRAFT: Final = "backup.tar"
_PLAIN: Final = (tarfile.REGTYPE, tarfile.AREGTYPE)
_BLOCK: Final = 1 << 20
_MAX_MANIFEST: Final = 64 * 1024
_PARTS: Final = frozenset({"eztong.db", "keyring.json", "authority.json", "eztong.erased"})
_NEEDED: Final = frozenset({"eztong.db", "keyring.json"})

FILE_DAMAGED: Final = (
    "Warning: SQLite finds the file of the database damaged, so that this backup cannot be restored. "
    "Keep the backups of before; eztong db check says more."
)


class BackupInvalid(EztongError):
    """The file is no backup, or not as it was written."""

    code = "backup_invalid"
    advice = "Use another backup."


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says about itself; ``parts`` are names with SM3 in hex, ``marks`` the newest signed notes."""

    created_at: str
    mode: str
    schema: str
    parts: dict[str, str]
    marks: tuple[str, ...]
    is_damaged: bool = False
    """SQLite found the file of the database damaged, or rows missing: it cannot be relied on."""


def make_backup(settings: Settings, file: Path) -> Sequence[str]:
    """Write a backup to ``file``, which must not exist; return the names of its parts.

    The file is there once it is whole, was read again, and database and keyring in it belong together. What SQLite
    finds wrong with the database is told, and keeps nobody from a backup.

    Raises:
        StateConflict: there is nothing to back up, a restore was cut off here, or the file exists.
        KeyringOfAnother, KeyringProblem: the keyring is not the one of the database.
        DatabaseDamaged, Unavailable: the database cannot be read.
        BackupInvalid: what was written is not what can be read again.
    """
    check_restored(settings.data_dir)
    if not settings.database_file.exists() or not settings.keyring.exists():
        raise StateConflict("There is no database with a keyring to back up.")
    if schema_version(settings.database_file).found is None:
        raise StateConflict("The database is empty beside its keyring: restore the last backup.")
    if file.exists() or file.is_symlink():
        raise StateConflict(f"{file} exists; a backup never overwrites.")
    with draft_folder(file.parent) as folder:
        draft = folder / _DRAFT
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as target:
            names = _pack(settings, folder, target)
            target.flush()
            os.fsync(target.fileno())
        check_archive(draft)
        _name(draft, file)
    return names


def _name(draft: Path, file: Path) -> None:
    """Give a finished backup its name, which nothing has that is not whole."""
    try:
        file.hardlink_to(draft)
    except FileExistsError as error:
        raise StateConflict(f"{file} exists; a backup never overwrites.") from error
    except OSError:
        # Not every file system has a second name for a file.
        draft.rename(file)
    sync_folder(file.parent)


def _pack(settings: Settings, folder: Path, target: BinaryIO) -> list[str]:
    copy = folder / settings.database_file.name
    copy_database(settings.database_file, copy)
    is_damaged = _tell_damage(copy)
    # The keys after the data, so that they open all of it; read once, so that what is hashed is what is written.
    keys = {"keyring.json": settings.keyring.read_bytes()}
    if settings.mode is Mode.SANDBOX and settings.authority_keyring.exists():
        keys["authority.json"] = settings.authority_keyring.read_bytes()
    # The list after the data: it names everybody whom the copy has erased.
    listed = erased_list_of(settings.database_file)
    if listed.exists():
        keys["eztong.erased"] = listed.read_bytes()
    with told_as_ours():
        marks = _marks_of(copy)
        _check_keys(settings, folder, keys["keyring.json"], marks)
    parts = {"eztong.db": {"sm3": hash_file(copy), "size": copy.stat().st_size}}
    parts |= {name: {"sm3": sm3(content).hex(), "size": len(content)} for name, content in keys.items()}
    manifest = {
        "format": FORMAT,
        "created_at": render_time(SystemClock().now()),
        "mode": settings.mode.value,
        "schema": schema_version(copy).found,
        "parts": parts,
        "marks": list(marks),
    } | ({"damaged": True} if is_damaged else {})
    with tarfile.open(fileobj=target, mode="w") as tar:
        _add(tar, MANIFEST, json.dumps(manifest, indent=1).encode() + b"\n")
        with copy.open("rb") as source:
            tar.addfile(_member("eztong.db", copy.stat().st_size), source)
        for name, content in keys.items():
            _add(tar, name, content)
    return list(parts)


def _tell_damage(copy: Path) -> bool:
    """Say what SQLite finds wrong with the copy: a damaged backup is more than none, if whoever made it knows.

    Return whether the file is damaged, so that nobody can restore it, or rows may be gone.
    """
    try:
        lines = check_integrity(copy)
    except DatabaseDamaged:
        say(FILE_DAMAGED)
        return True
    if lines:
        say(f"Warning: in this backup {said_of_rows(lines)}. A restore makes its indexes anew. {NAMES_ROWS}")
    return rows_may_be_gone(lines)


def _check_keys(settings: Settings, folder: Path, keyring: bytes, newest: Sequence[str]) -> None:
    if not settings.root.is_there():
        return
    copy, file = folder / settings.database_file.name, folder / settings.keyring.name
    write_private(file, keyring)
    ring = FileKeyring(file, settings.root)
    check_belonging(copy, ring)
    if not reaches(copy, ring, newest=newest):
        say(KEYRING_BEHIND)


@contextmanager
def opened_backup(file: Path) -> Iterator[tuple[tarfile.TarFile, Manifest]]:
    """Open a backup and read what it says about itself.

    Raises:
        BackupInvalid: not a backup of ours, or not whole.
    """
    try:
        with ExitStack() as opened:
            tar = _open_tar(file, opened)
            yield tar, _manifest_of(tar)
    except tarfile.TarError as error:
        raise BackupInvalid("The file is no tar, or ends too early.") from error


def part_of(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    """Return a part of a backup to be read.

    Raises:
        BackupInvalid: there is none of that name, or it is no file but leads elsewhere.
    """
    found = [member for member in tar.getmembers() if member.name == name]
    source = tar.extractfile(found[0]) if len(found) == 1 and found[0].type in _PLAIN else None
    if source is None:
        raise BackupInvalid(f"{name} in the backup is no file.")
    return source


def _open_tar(file: Path, opened: ExitStack) -> tarfile.TarFile:
    try:
        tar = opened.enter_context(tarfile.open(file, mode="r:"))  # noqa: SIM115 - it is
        # Reads every head; what one of them says can be any nonsense.
        tar.getmembers()
    except (ValueError, OverflowError, EOFError, LookupError) as error:
        raise BackupInvalid("The file is no tar that can be read.") from error
    return tar


def check_archive(file: Path) -> None:
    """Read a finished backup from end to end, as a restore would.

    Raises:
        BackupInvalid: it is not what its manifest says.
    """
    with opened_backup(file) as (tar, manifest):
        for name, expected in manifest.parts.items():
            if _hash(part_of(tar, name)) != expected:
                raise BackupInvalid(f"{name} in the backup is not what it was when it was written.")


def _manifest_of(tar: tarfile.TarFile) -> Manifest:
    names = [member.name for member in tar.getmembers()]
    if MANIFEST not in names:
        raise BackupInvalid("The file is no backup of eztong.")
    try:
        document = parse_document(part_of(tar, MANIFEST).read(_MAX_MANIFEST))
        parts = {str(name): str(part["sm3"]) for name, part in document["parts"].items()}
        manifest = Manifest(
            created_at=str(document["created_at"]),
            mode=str(document["mode"]),
            schema=str(document["schema"]),
            parts=parts,
            # Backups of earlier versions have none.
            marks=tuple(str(note) for note in document.get("marks", ())),
            is_damaged=document.get("damaged") is True,
        )
        known = document["format"] == FORMAT
    except (DocumentMalformed, KeyError, TypeError, AttributeError) as error:
        raise BackupInvalid("The backup's manifest is damaged.") from error
    if not known or sorted(names) != sorted([MANIFEST, *parts]) or not _NEEDED <= parts.keys() <= _PARTS:
        raise BackupInvalid("The backup's parts are not what its manifest says.")
    return manifest


def unpack(tar: tarfile.TarFile, manifest: Manifest, folder: Path) -> None:
    """Write the parts into ``folder``, each for its owner only, and check their hashes.

    Raises:
        BackupInvalid: naming the part that was changed.
    """
    for name, expected in manifest.parts.items():
        source = part_of(tar, name)
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as target:
            while block := source.read(_BLOCK):
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        if hash_file(folder / name) != expected:
            raise BackupInvalid(f"{name} in the backup is not what it was when it was written.")


def _marks_of(database: Path) -> Sequence[str]:
    with rows_of(database) as rows:
        found = newest_notes(rows)
    if found.passed_over:
        say(NOTES_PASSED_OVER.format(found.passed_over))
    return found.notes


def hash_file(path: Path) -> str:
    """Return the SM3 of a file in hex."""
    with path.open("rb") as source:
        return _hash(source)


def _hash(source: IO[bytes]) -> str:
    state = sm3_state()
    while block := source.read(_BLOCK):
        state.update(block)
    return state.hexdigest()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    tar.addfile(_member(name, len(content)), io.BytesIO(content))


def _member(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    return info
