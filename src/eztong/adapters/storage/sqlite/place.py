"""Where a database file was opened: whether it still lies there, or was moved away or exchanged under the service.

What is open stays open wherever it is moved. But the files beside it are looked for where it was: that one of them is
not there then says nothing.
"""

from __future__ import annotations

from pathlib import Path

from eztong.domain.errors import Unavailable


class FilePlace:
    """A path, and which file lay there when it was opened."""

    def __init__(self, path: Path) -> None:
        """Remember the file that lies at ``path`` now.

        Raises:
            OSError: there is none.
        """
        self._path = path
        self._file = _file_at(path)

    def is_kept(self) -> bool:
        """Say whether that same file lies there; also False where it cannot be looked at."""
        try:
            return _file_at(self._path) == self._file
        except OSError:
            return False

    def check(self) -> None:
        """Return if that same file lies there.

        Raises:
            Unavailable: it was moved away, or another one lies there.
        """
        if not self.is_kept():
            raise Unavailable(
                "The database file is not where the service opened it: it was moved away or exchanged. "
                "Put it back, or stop the service."
            )


def _file_at(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
