"""Where backup and restore work: a folder that goes with them, however they end.

A copy of the database lies in it, so none may stay. A command that ends takes its folder away, also when it is told to
stop (SIGTERM); what one that was killed left is taken away by the next. A lock on the folder says that its maker lives.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

_PREFIX: Final = ".eztong-"
_SUFFIX: Final = ".unfinished"
_TOLD_TO_STOP: Final = 128 + signal.SIGTERM


@contextmanager
def draft_folder(beside: Path) -> Iterator[Path]:
    """Make a folder of our own in ``beside`` and take it away at the end, and those that nobody works in any more.

    Raises:
        OSError: it cannot be made.
    """
    sweep_drafts(beside)
    with _stopping_in_order():
        folder, handle = _make(beside)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(handle)


def sweep_drafts(beside: Path) -> None:
    """Take away the draft folders in ``beside`` whose makers were killed."""
    for left in beside.glob(f"{_PREFIX}*{_SUFFIX}"):
        with suppress(OSError):
            handle = _open(left)
            try:
                if os.fstat(handle).st_uid == os.geteuid():
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(left)
            finally:
                os.close(handle)


def _make(beside: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=_SUFFIX, dir=beside))
        # Somebody may sweep before it is locked; then there is another one.
        with suppress(OSError):
            handle = _open(folder)
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if folder.exists():
                    return folder, handle
            os.close(handle)


def _open(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)


@contextmanager
def _stopping_in_order() -> Iterator[None]:
    """End the command by an exception when it is told to stop, so that all that it holds is let go of."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(_TOLD_TO_STOP)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
