"""Memory for bodies that nobody has proven yet: a signature covers the body, so it is read before it can be checked.

A key's id is no secret, and whoever knows one may send ten megabytes in its name. So beyond a small share that every
call has, all bodies under way together have a room, and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from eztong.domain.errors import TooMany

FREE: Final = 64 * 1024
MOST_TOGETHER: Final = 48 * 1024 * 1024
_RETRY_SECONDS: Final = 2


class Share:
    """What one body takes of the room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._size = 0
        self.taken = 0

    def grow(self, size: int) -> None:
        """Note that the body is so many bytes longer.

        Raises:
            TooMany: the room is full.
        """
        self._size += size
        wanted = max(0, self._size - FREE)
        self._room.take(wanted - self.taken)
        self.taken = wanted


class Room:
    """The memory of all bodies that are read or checked now. For one event loop."""

    def __init__(self, most: int = MOST_TOGETHER) -> None:
        self._left = most

    @contextmanager
    def share(self) -> Iterator[Share]:
        """Lend a share for as long as a block reads and checks a body."""
        share = Share(self)
        try:
            yield share
        finally:
            self._left += share.taken

    def take(self, size: int) -> None:
        """Take so many bytes more.

        Raises:
            TooMany: the room is full.
        """
        if size > self._left:
            raise TooMany(retry_after=_RETRY_SECONDS)
        self._left -= size
