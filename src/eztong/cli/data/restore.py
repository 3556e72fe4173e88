"""Putting a backup back: look at everything first, then move whole files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

from eztong.adapters.clock import SystemClock
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.keys.private_files import locked_folder
from eztong.adapters.storage.beside.erased_list import erased_list_of
from eztong.adapters.storage.beside.marks import Marks, mark_of, newest_of_each_writer, write_marks
from eztong.adapters.storage.beside.went_back import note_went_back
from eztong.adapters.storage.sqlite.integrity import check_integrity, rebuild_indexes, rows_may_be_gone
from eztong.cli.console import say
from eztong.cli.data.audit_batches import NOTES_PASSED_OVER, newest_notes
from eztong.cli.data.audit_report import rows_of
from eztong.cli.data.backup_archive import BackupInvalid, Manifest, opened_backup, unpack
from eztong.cli.data.damaged_rows import NAMES_ROWS, said_of_rows
from eztong.cli.data.draft_folder import draft_folder
from eztong.cli.data.erased_lists import BEFORE_RESTORE, erased_before, merge_lists
from eztong.cli.data.lock import ServerRunning, hold_alone, server_on
from eztong.domain.canonical_json import DocumentMalformed, parse_time
from eztong.domain.errors import ProofInvalid, StateConflict
from eztong.domain.evidence.signed_note import parse_note
from eztong.wiring.belonging import KEYRING_BEHIND, UNFINISHED_RESTORE, check_belonging, reaches
from eztong.wiring.settings import Settings

_KEPT: Final = BEFORE_RESTORE
_SQLITE_SIDES: Final = ("-wal", "-shm")


class RootKeyFirst(StateConflict):
    """A database is to be replaced without the root key: the list of erased accounts would learn nothing from it."""

    code = "root_key_first"
    advice = (
        "There is a database, and its root key is not in its place: without it nobody can be added to the list of "
        "erased accounts whom that database has erased, and the backup would bring them back. Put the root key in "
        "its place (EZTONG_ROOT_KEY_FILE) first, then restore."
    )


class ErasedUnasked(StateConflict):
    """A database is to be replaced that cannot be asked whom it has erased: the backup may bring them back."""

    code = "erased_unasked"
    advice = (
        "Put the newest eztong.erased beside it, let that list learn what can be read (eztong db relist "
        "--although-whole --apply, with --from for every newer backup), then restore with --although-unasked."
    )

    def __init__(self, why: str) -> None:
        """Say why it cannot be asked."""
        super().__init__(
            f"The database that is to be replaced cannot be asked whom it has erased ({why}), and whom only it knows "
            f"the backup brings back. {self.advice}"
        )


def require_room(settings: Settings, *, replace: bool) -> None:
    """Refuse to restore over data without being told to, or under a running server.

    Raises:
        ServerRunning, RootKeyFirst, StateConflict: as the names say.
    """
    if server_on(settings.data_dir) is not None:
        raise ServerRunning
    _check_asks_before(settings)
    if not replace and (settings.database_file.exists() or settings.keyring.exists()):
        raise StateConflict("There is data already. Add --replace to restore over it, or choose another --data-dir.")


def _check_asks_before(settings: Settings) -> None:
    """Refuse to replace a database that cannot be asked whom it has erased, and which applications ended in it."""
    if settings.database_file.exists() and not settings.root.is_there():
        raise RootKeyFirst


def _ask_before(settings: Settings, folder: Path, *, although_unasked: bool) -> None:
    """Say that the database of before could not be asked whom it has erased, or refuse.

    Raises:
        ErasedUnasked: nobody said that the restore is to go on all the same.
    """
    if not settings.root.is_there():
        return
    why = erased_before(settings.database_file, FileKeyring(folder / "keyring.json", settings.root)).unasked
    if why is None:
        return
    if not although_unasked:
        raise ErasedUnasked(why)
    say(
        f"Warning: the database of before could not be asked whom it has erased ({why}); only eztong.erased and the "
        "backup's list are used. An account that only it had erased comes back."
    )


def inspect_backup(settings: Settings, file: Path, *, although_unasked: bool = False) -> Manifest:
    """Check the backup from end to end without touching the data folder.

    Raises:
        BackupInvalid, KeyringProblem, StateConflict: what is wrong with it.
    """
    with draft_folder(Path(tempfile.gettempdir())) as folder, _unpacked(settings, file, folder) as manifest:
        _ask_before(settings, folder, although_unasked=although_unasked)
        return manifest


def put_back(settings: Settings, file: Path, *, replace: bool, although_unasked: bool = False) -> Manifest:
    """Check the backup, then put its files in place. What was there is kept beside it.

    Raises:
        BackupInvalid, KeyringProblem, StateConflict: what is wrong; nothing was changed.
    """
    with hold_alone(settings.data_dir):
        require_files = not replace
        with (
            draft_folder(settings.data_dir) as folder,
            _unpacked(settings, file, folder) as manifest,
        ):
            if require_files and (settings.database_file.exists() or settings.keyring.exists()):
                raise StateConflict("There is data already. Add --replace to restore over it.")
            _check_asks_before(settings)
            _ask_before(settings, folder, although_unasked=although_unasked)
            _exchange(settings, folder, manifest)
    return manifest


def _exchange(settings: Settings, folder: Path, manifest: Manifest) -> None:
    """Exchange the files, without a keyring in between: cut off anywhere, what is left refuses to start.

    The mark is there before the keyring, or the restored database would go on as the writer that may live elsewhere.
    """
    unfinished = settings.data_dir / UNFINISHED_RESTORE
    # What a restore that was cut off has kept is what was there; what lies in its place now is of the backup.
    again = unfinished.exists()
    if not again:
        _rename_kept(settings)
    to = _made_at(manifest)
    # First, while nothing is exchanged: a list that cannot be relied on refuses the restore.
    _bring_list(settings, folder)
    unfinished.touch(0o600)
    # What was stopped since the backup waits again: it rests from the first start on.
    with locked_folder(settings.data_dir):
        note_went_back(settings.database_file, to=to, at=SystemClock().now())
    for path in _moved(settings):
        _set_aside(path, again=again)
    targets = {"eztong.db": settings.database_file, "authority.json": settings.authority_keyring}
    for name, target in targets.items():
        if name in manifest.parts:
            _keep_copy(target, again=again)
            (folder / name).replace(target)
    write_marks(mark_of(settings.database_file), marks_after_restore(manifest.marks))
    (folder / "keyring.json").replace(settings.keyring)
    unfinished.unlink()


def _made_at(manifest: Manifest) -> datetime:
    try:
        return parse_time(manifest.created_at)
    except DocumentMalformed as error:
        raise BackupInvalid("The backup does not say when it was made.") from error


def _bring_list(settings: Settings, folder: Path) -> None:
    of_backup, listed = folder / "eztong.erased", erased_list_of(settings.database_file)
    if settings.root.is_there():
        merge_lists(settings.database_file, of_backup, FileKeyring(folder / "keyring.json", settings.root))
    elif of_backup.exists() and not listed.exists():
        of_backup.replace(listed)


def marks_after_restore(notes: Sequence[str]) -> Marks:
    """Return the mark of a restored database: as far as the backup reached, and a new writer goes on from there.

    Raises:
        ProofInvalid: a note is malformed.
    """
    places = [parse_note(note).unverified_root.place for note in notes]
    return Marks(notes, [place.writer for place in places if place is not None])


@contextmanager
def _unpacked(settings: Settings, file: Path, folder: Path) -> Iterator[Manifest]:
    with opened_backup(file) as (tar, manifest):
        if manifest.mode != settings.mode.value:
            raise StateConflict(f"The backup is of {manifest.mode} mode; the settings say {settings.mode.value}.")
        unpack(tar, manifest, folder)
    _heal(folder / "eztong.db")
    _check_reach(folder / "eztong.db", manifest)
    if settings.root.is_there():
        # A keyring that this root key cannot open, or of another database, would leave what cannot start.
        ring = FileKeyring(folder / "keyring.json", settings.root)
        check_belonging(folder / "eztong.db", ring)
        if not reaches(folder / "eztong.db", ring, newest=manifest.marks):
            say(KEYRING_BEHIND)
    yield manifest


def _heal(database: Path) -> None:
    """Make indexes anew that do not fit their rows, and say what is wrong with rows: it keeps nobody from a restore.

    Raises:
        DatabaseDamaged, Unavailable: the file itself is damaged, or cannot be read.
    """
    lines = check_integrity(database)
    if not lines:
        return
    say(f"Warning: in the database of the backup {said_of_rows(lines)}.")
    left = rebuild_indexes(database)
    say(f"Its indexes were made anew; {said_of_rows(left) if left else 'they fit'}. {NAMES_ROWS}")
    if rows_may_be_gone(lines):
        say("Rows of it may be gone: run eztong db check --full before you start, and compare with an older backup.")


def _check_reach(database: Path, manifest: Manifest) -> None:
    """Refuse a database that ends before what its manifest says."""
    with rows_of(database) as rows:
        found = newest_notes(rows)
    if found.passed_over:
        say(NOTES_PASSED_OVER.format(found.passed_over))
    if not manifest.marks:
        # Backups of earlier versions have none.
        return
    try:
        ends_there = newest_of_each_writer([*manifest.marks, *found.notes]) == list(found.notes)
    except ProofInvalid:
        ends_there = False
    if not ends_there:
        raise BackupInvalid("The database in the backup does not end where its manifest says.")


def _rename_kept(settings: Settings) -> None:
    """Give what restores of before have kept a number: what has none is then what this one kept itself."""
    kept = [
        path.with_name(path.name + _KEPT) for path in (*_exchanged(settings), erased_list_of(settings.database_file))
    ]
    number = next(one for one in count(2) if not any(_numbered(path, one).exists() for path in kept))
    for path in kept:
        if path.exists():
            path.replace(_numbered(path, number))


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}-{number}")


def _exchanged(settings: Settings) -> Sequence[Path]:
    """Return what a restore may put something else in place of, but for the list."""
    return [*_moved(settings), settings.database_file, settings.authority_keyring]


def _moved(settings: Settings) -> Sequence[Path]:
    """Return what is out of the way before the database is exchanged: no keyring is left, and no half of another."""
    sides = [settings.database_file.with_name(settings.database_file.name + side) for side in _SQLITE_SIDES]
    return [settings.keyring, mark_of(settings.database_file), *sides]


def _set_aside(path: Path, *, again: bool) -> None:
    kept = path.with_name(path.name + _KEPT)
    if again and kept.exists():
        path.unlink(missing_ok=True)
    elif path.exists():
        path.replace(kept)


def _keep_copy(path: Path, *, again: bool) -> None:
    """Keep the file under its other name while it stays in place, so that there is a database at every moment."""
    kept = path.with_name(path.name + _KEPT)
    if path.exists() and not (again and kept.exists()):
        kept.unlink(missing_ok=True)
        try:
            kept.hardlink_to(path)
        except OSError:
            # Not every file system has a second name for a file.
            path.replace(kept)
