"""The list of erased accounts beside the database: what no backup may bring to life again (PIPL art. 47; ADR 0055).

One line for each account, only ever appended: ``<account> <time> <tag>``. The tag is keyed over the line and the tag
before it, so that no line can be changed, added or taken out of the middle without the keys; the key is the look-up
key, which never rotates. A line that a crash cut off is no line: its account was not erased yet.
"""

from __future__ import annotations

import hmac
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from eztong.domain.canonical_json import render_time
from eztong.domain.errors import ProofInvalid
from eztong.domain.identifiers import HolderId
from eztong.ports.clock import Clock
from eztong.ports.keys import Keys, MacPurpose

_CONTEXT: Final = b"erased_account\x00v1\x00"
_MODE: Final = 0o600


def erased_list_of(database: Path) -> Path:
    """Return where the list of a database file lies."""
    return database.with_suffix(".erased")


class ErasedList:
    """The list in a file. Any thread may add; a line is on disk before :meth:`add` returns."""

    def __init__(self, path: Path, keys: Keys, clock: Clock) -> None:
        """Keep the list at ``path``; the file is made with its first line."""
        self._path = path
        self._keys = keys
        self._clock = clock
        self._gate = threading.Lock()

    def add(self, holder_id: HolderId) -> None:
        """Add an account, unless it stands there.

        Raises:
            OSError: the file cannot be written.
            ProofInvalid: the list is not as it was written.
        """
        with self._gate:
            lines = self._lines()
            if any(line.split(" ")[0] == holder_id for line in lines):
                return
            text = f"{holder_id} {render_time(self._clock.now())}"
            previous = lines[-1].rpartition(" ")[2] if lines else ""
            whole = "".join(f"{line}\n" for line in lines)
            with os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, _MODE), "r+b") as file:
                # What a crash cut off is written over.
                file.seek(len(whole.encode()))
                file.truncate()
                file.write(f"{text} {self._tag(previous, text)}\n".encode())
                file.flush()
                os.fsync(file.fileno())

    def read(self) -> Sequence[HolderId]:
        """Return the accounts, the first one first.

        Raises:
            ProofInvalid: the list is not as it was written.
            OSError: it cannot be read.
        """
        with self._gate:
            return [HolderId(line.split(" ")[0]) for line in self._lines()]

    def _lines(self) -> list[str]:
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return []
        try:
            lines = text.decode().split("\n")[:-1]
        except UnicodeDecodeError as error:
            raise ProofInvalid("erased accounts: the list is damaged") from error
        previous = ""
        for line in lines:
            said, _, tag = line.rpartition(" ")
            if not hmac.compare_digest(tag.encode(), self._tag(previous, said).encode()):
                raise ProofInvalid("erased accounts: the list is not as it was written")
            previous = tag
        return lines

    def _tag(self, previous: str, text: str) -> str:
        return self._keys.mac(MacPurpose.LOOKUP, _CONTEXT + f"{previous}\x00{text}".encode()).hex()
