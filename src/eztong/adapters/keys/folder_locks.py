"""Locks that tell who works in a folder: on files in it, and on the folder itself.

A file can be removed beside whoever holds it, and the next one would lock another file of its name. So whoever takes
one looks whether it is the one that lies there, and stands in the folder, too: a lock for reading on one byte of it,
since a folder can be opened for nothing more, and the question whether somebody else stands there. Only Linux has
these; elsewhere the files are all there is. The system drops every lock when its process ends.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum, unique
from pathlib import Path
from time import monotonic, sleep
from typing import Final

_PAUSE_SECONDS: Final = 0.02
# struct flock: kind, whence, start, length, process; its end is filled up to what the system reads.
_FLOCK: Final = "hhqqi0q"


@unique
class Place(IntEnum):
    """What somebody does who stands in a folder."""

    SERVING = 0
    WORKING = 1
    EXCHANGING = 2
    STARTING = 3


@contextmanager
def locked_file(path: Path, *, shared: bool = False, make: bool = True, seconds: float) -> Iterator[int | None]:
    """Lock the file that lies at ``path``; give it open, or None if it did not come within ``seconds``.

    Raises:
        OSError: it cannot be opened, or is not there and not to be made.
    """
    deadline = monotonic() + seconds
    flags = os.O_RDWR | os.O_CREAT if make else os.O_RDONLY
    while True:
        handle = os.open(path, flags | os.O_CLOEXEC, 0o600)
        try:
            if not _taken(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX, until=deadline):
                yield None
                return
            if _lies_at(path, handle):
                yield handle
                return
        finally:
            os.close(handle)


class Stand:
    """Where somebody stands in a folder, and whether others do."""

    __slots__ = ("_handle",)

    def __init__(self, handle: int) -> None:
        """Look by ``handle``, which is open on the folder."""
        self._handle = handle

    def at(self, place: Place) -> None:
        """Stand at ``place`` until the handle is closed."""
        _ask(self._handle, "F_OFD_SETLK", fcntl.F_RDLCK, place)

    def meets(self, *places: Place) -> bool:
        """Say whether somebody else stands at one of ``places``."""
        return any(_ask(self._handle, "F_OFD_GETLK", fcntl.F_WRLCK, place) != fcntl.F_UNLCK for place in places)

    def is_alone(self, *places: Place, seconds: float) -> bool:
        """Wait until nobody else stands at ``places``; return whether that was so within ``seconds``."""
        deadline = monotonic() + seconds
        while self.meets(*places):
            if monotonic() >= deadline:
                return False
            sleep(_PAUSE_SECONDS)
        return True


@contextmanager
def standing(folder: Path, *places: Place) -> Iterator[Stand]:
    """Stand at ``places`` of ``folder``; at none to look only.

    Raises:
        OSError: the folder cannot be opened.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        stand = Stand(handle)
        for place in places:
            stand.at(place)
        yield stand
    finally:
        os.close(handle)


@contextmanager
def alone_at(path: Path, place: Place, *, seconds: float) -> Iterator[int | None]:
    """Lock the file at ``path`` and stand alone at ``place`` of its folder; give it open, or None if it took too long.

    Raises:
        OSError: file or folder cannot be opened.
    """
    with locked_file(path, seconds=seconds) as handle:
        if handle is None:
            yield None
            return
        # Only now: who waits for the file stands in nobody's way.
        with standing(path.parent, place) as stand:
            yield handle if stand.is_alone(place, seconds=seconds) else None


def _taken(handle: int, how: int, *, until: float) -> bool:
    while True:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() >= until:
                return False
            sleep(_PAUSE_SECONDS)
        else:
            return True


def _lies_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _ask(handle: int, name: str, kind: int, place: Place) -> int:
    """Return what the system says of a lock: that nobody is in its way where there are no such locks."""
    command: int | None = getattr(fcntl, name, None)
    if command is None:
        return fcntl.F_UNLCK
    try:
        answer = fcntl.fcntl(handle, command, struct.pack(_FLOCK, kind, os.SEEK_SET, place, 1, 0))
    except OSError:
        # Not every file system has them.
        return fcntl.F_UNLCK
    found: int = struct.unpack(_FLOCK, answer)[0]
    return found
