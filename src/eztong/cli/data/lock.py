"""One server for each data folder: a lock that tells whether one runs, and where it listens.

The operating system drops the lock when the process ends, however it ends, so nothing is ever left over. Each holder
stands in the folder, too, so that a lock file may be removed beside it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from eztong.adapters.keys.folder_locks import Place, alone_at, locked_file, standing
from eztong.adapters.keys.private_files import make_private_folder
from eztong.domain.errors import StateConflict

_NAME: Final = "serving.lock"
_WORKING: Final = "working.lock"
_SECONDS: Final = 0.2
"""Somebody who only looks holds a lock for an instant; a server holds it on."""
_MAX_TEXT: Final = 2000


class ServerRunning(StateConflict):
    """A server works on the data folder."""

    code = "server_running"
    advice = "A server runs on this data folder. Stop it first."


@contextmanager
def hold(data_dir: Path, *, told: str = "") -> Iterator[None]:
    """Keep every server off the data folder; whoever asks :func:`server_on` meanwhile reads ``told``.

    Raises:
        ServerRunning: a server has it.
    """
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone_at(data_dir / _NAME, Place.SERVING, seconds=_SECONDS) as handle:
        if handle is None:
            raise ServerRunning
        os.ftruncate(handle, 0)
        os.pwrite(handle, told.encode(), 0)
        yield
        os.ftruncate(handle, 0)


class CommandRunning(StateConflict):
    """A command works on the data folder, whose files are to be exchanged."""

    code = "command_running"
    advice = "An eztong command works on this data folder. Wait until it has ended, then do it again."


class FilesExchanged(StateConflict):
    """The files of the data folder are being exchanged."""

    code = "files_exchanged"
    advice = "A restore, go-on, relist or reset works on this data folder. Wait until it has ended, then do it again."


@contextmanager
def hold_alone(data_dir: Path) -> Iterator[None]:
    """Keep every server and every command off the data folder, whose files are exchanged meanwhile.

    Raises:
        ServerRunning, CommandRunning: somebody works on it.
    """
    with hold(data_dir), locked_file(data_dir / _WORKING, seconds=_SECONDS) as handle:
        if handle is None:
            raise CommandRunning
        with standing(data_dir, Place.EXCHANGING) as stand:
            if not stand.is_alone(Place.WORKING, Place.EXCHANGING, seconds=_SECONDS):
                raise CommandRunning
            yield


@contextmanager
def working(data_dir: Path) -> Iterator[None]:
    """Keep the files of the data folder in their places while a command works on them, beside others.

    Raises:
        FilesExchanged: they are being exchanged.
    """
    make_private_folder(data_dir)
    with _beside_others(data_dir, make=True):
        yield


@contextmanager
def looking(data_dir: Path) -> Iterator[None]:
    """Keep them in their places while a command only reads them; nothing is made where nothing may be, or is.

    Raises:
        FilesExchanged: they are being exchanged.
    """
    with ExitStack() as held:
        # Where the folder is not there, or closed, the command itself has the words for it.
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            held.enter_context(_beside_others(data_dir, make=False))
        yield


@contextmanager
def _beside_others(data_dir: Path, *, make: bool) -> Iterator[None]:
    with ExitStack() as held:
        try:
            handle = held.enter_context(locked_file(data_dir / _WORKING, shared=True, make=make, seconds=_SECONDS))
        except (FileNotFoundError, PermissionError):
            # Who only reads makes none; the folder itself tells as well.
            if make:
                raise
        else:
            if handle is None:
                raise FilesExchanged
        stand = held.enter_context(standing(data_dir, Place.WORKING))
        if not stand.is_alone(Place.EXCHANGING, seconds=_SECONDS):
            raise FilesExchanged
        yield


def server_on(data_dir: Path) -> str | None:
    """Return the base address of the server that works on the data folder; None if there is none.

    It is empty where a server runs whose lock file is gone.
    """
    try:
        with standing(data_dir) as stand:
            told = _told(data_dir)
            return "" if told is None and stand.meets(Place.SERVING) else told
    except FileNotFoundError:
        return None


def _told(data_dir: Path) -> str | None:
    try:
        handle = os.open(data_dir / _NAME, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(handle, _MAX_TEXT, 0).decode()
    finally:
        os.close(handle)
    return None
