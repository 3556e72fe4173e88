"""One server for each data folder: a lock that tells whether one runs, and where it listens.

The operating system drops the lock when the process ends, however it ends, so nothing is ever left over.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from eztong.adapters.keys.private_files import make_private_folder
from eztong.domain.errors import StateConflict

_NAME: Final = "serving.lock"
_WORKING: Final = "working.lock"
_TRIES: Final = 10
_PAUSE_SECONDS: Final = 0.02
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
    handle = os.open(data_dir / _NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(handle)
        os.ftruncate(handle, 0)
        os.pwrite(handle, told.encode(), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


class CommandRunning(StateConflict):
    """A command works on the data folder, whose files are to be exchanged."""

    code = "command_running"
    advice = "An eztong command works on this data folder. Wait until it has ended, then do it again."


class FilesExchanged(StateConflict):
    """The files of the data folder are being exchanged."""

    code = "files_exchanged"
    advice = "A restore, go-on or relist works on this data folder. Wait until it has ended, then do it again."


@contextmanager
def hold_alone(data_dir: Path) -> Iterator[None]:
    """Keep every server and every command off the data folder, whose files are exchanged meanwhile.

    Raises:
        ServerRunning, CommandRunning: somebody works on it.
    """
    with hold(data_dir), _locked(data_dir, fcntl.LOCK_EX, CommandRunning):
        yield


@contextmanager
def working(data_dir: Path) -> Iterator[None]:
    """Keep the files of the data folder in their places while a command works on them, beside others.

    Raises:
        FilesExchanged: they are being exchanged.
    """
    make_private_folder(data_dir)
    with _locked(data_dir, fcntl.LOCK_SH, FilesExchanged):
        yield


@contextmanager
def _locked(data_dir: Path, how: int, refusal: type[StateConflict]) -> Iterator[None]:
    handle = os.open(data_dir / _WORKING, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(handle, how, refusal)
        yield
    finally:
        os.close(handle)


def server_on(data_dir: Path) -> str | None:
    """Return the base address of the server that works on the data folder; None if there is none."""
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


def _lock(handle: int, how: int = fcntl.LOCK_EX, refusal: type[StateConflict] = ServerRunning) -> None:
    # Somebody who only looks holds the lock for an instant; a server holds it on.
    for _ in range(_TRIES):
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return
    raise refusal
