"""Files for one user only: 0600 in a folder of 0700, written whole or not at all. POSIX systems only.

A file is checked through the same descriptor that it is read from, so that it cannot be exchanged in between.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from eztong.adapters.keys.problems import KeyringDamaged, KeyringExposed, KeyringMissing
from eztong.domain.errors import Unavailable

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
_MAX_BYTES = 16 * 2**20
_PAUSE_SECONDS: Final = 0.02
LOCK_SECONDS: Final = 10.0
"""How long a write in a folder waits for another one, which takes an instant."""


class FolderLocked(Unavailable):
    """Another program keeps the folder locked and does not come to an end."""

    code = "folder_locked"
    advice = "Another program keeps the folder of this file locked. End it, then try again."


def read_private(path: Path) -> bytes:
    """Return the content of a file that belongs to its owner alone.

    Raises:
        KeyringMissing: there is no such file.
        KeyringExposed: group or others have rights on it, or it belongs to another user than this one or root.
        KeyringDamaged: no regular file, or unreasonably long.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise KeyringMissing(f"{path.name} is missing. {KeyringMissing.advice}") from error
    except PermissionError as error:
        raise KeyringExposed(f"{path.name} belongs to another user: run as the service's user.") from error
    try:
        _check_private(path, os.fstat(handle))
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(_MAX_BYTES)
    finally:
        os.close(handle)


def check_private_folder(folder: Path) -> None:
    """Refuse a folder that others may look into.

    Raises:
        KeyringMissing: there is no such folder.
        KeyringExposed: group or others have rights on it.
    """
    try:
        mode = folder.stat().st_mode
    except FileNotFoundError as error:
        raise KeyringMissing(f"The folder {folder} is missing. {KeyringMissing.advice}") from error
    if mode & _OTHERS:
        raise KeyringExposed(f"Others may look into {folder}: run chmod 700 {folder}.")


def make_private_folder(folder: Path) -> None:
    """Make ``folder`` for its owner only; one that is there stays as it is.

    Parents that are missing get the usual rights.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Put ``content`` in place of what ``path`` holds, for its owner only; durable when this returns.

    A power cut leaves the old content or the new, never half of one. Callers hold :func:`locked_folder`.
    """
    draft = path.with_name(f"{path.name}.new")
    # What a crash left behind: no one else writes here while the folder is locked.
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, _FILE_MODE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextmanager
def locked_folder(folder: Path, *, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Keep other processes (and threads) from writing in ``folder`` at the same time; waits for its turn.

    Raises:
        FolderLocked: its turn did not come within ``seconds``.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if not take_lock(handle, seconds=seconds):
            raise FolderLocked
        yield
    finally:
        os.close(handle)


def take_lock(handle: int, *, seconds: float) -> bool:
    """Lock what ``handle`` is open on against other processes and threads; return whether it came within ``seconds``.

    It lasts until ``handle`` is closed, or the process ends.
    """
    deadline = monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() >= deadline:
                return False
            sleep(_PAUSE_SECONDS)
        else:
            return True


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable.

    Raises:
        OSError: the disk does not take them.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise KeyringDamaged(f"{path.name} is not a file.")
    if status.st_mode & _OTHERS:
        raise KeyringExposed(f"Others may read or change {path}: run chmod 600 {path}.")
    if status.st_uid not in {os.geteuid(), 0}:
        raise KeyringExposed(f"{path.name} belongs to another user: run as that user, or chown it.")
    if status.st_size >= _MAX_BYTES:
        raise KeyringDamaged(f"{path.name} is too long to be what it should be.")
