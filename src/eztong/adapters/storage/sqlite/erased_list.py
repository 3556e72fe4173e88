"""The list of erased accounts beside the database: what no backup may bring to life again (PIPL art. 47; ADR 0055).

The first line says of which keyring it is: ``eztong/erased/v1 <fingerprint>``. Then one line for each account, only
ever appended: ``<account> <time> <tag>``. The tag is keyed over the line and the tag before it, so that no line can be
changed, added or taken out of the middle without the keys; the key is the look-up key, which never rotates. A last line
without its end counts if its tag fits; else a crash cut it off, and its account was not erased yet. That lines are
missing at the end no tag says: the database, which knows whom it has erased, is compared at each start.
"""

from __future__ import annotations

import hmac
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from eztong.adapters.keys.private_files import sync_folder
from eztong.domain.canonical_json import render_time
from eztong.domain.errors import StateConflict
from eztong.domain.identifiers import HolderId
from eztong.ports.clock import Clock
from eztong.ports.keys import Keys, MacPurpose

_FORMAT: Final = "eztong/erased/v1"
_CONTEXT: Final = b"erased_account\x00v1\x00"
_OF_RING: Final = b"erased_list\x00v1"
_RING_CHARS: Final = 32
_MODE: Final = 0o600


class ErasedListDamaged(StateConflict):
    """The list is not as it was written."""

    code = "erased_list_damaged"
    advice = (
        "eztong.erased is damaged: it is not as it was written. Put back a whole copy of it, or make it anew from the "
        "database and every backup since: eztong db relist --from BACKUP --apply."
    )


class ErasedListOfAnother(StateConflict):
    """The list was written with another keyring."""

    code = "erased_list_of_another"
    advice = (
        "eztong.erased belongs to another deployment: it was written with another keyring. Put the list of this one in "
        "its place; if there is none, move eztong.erased out of the data folder."
    )


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
        self._ring = keys.mac(MacPurpose.LOOKUP, _OF_RING).hex()[:_RING_CHARS]

    def add(self, *accounts: HolderId) -> int:
        """Add those accounts that do not stand there; return how many.

        Raises:
            OSError: the file cannot be written.
            ErasedListDamaged, ErasedListOfAnother: it cannot be relied on; nothing was written.
        """
        with self._gate:
            lines = self._lines()
            listed = {line.partition(" ")[0] for line in lines}
            new = [one for one in dict.fromkeys(accounts) if one not in listed]
            if not new:
                return 0
            # What a crash cut off is written over, and an end that is missing is written again.
            whole = "".join(f"{line}\n" for line in [f"{_FORMAT} {self._ring}", *lines])
            previous = lines[-1].rpartition(" ")[2] if lines else self._ring
            at, text = render_time(self._clock.now()), ""
            for one in new:
                said = f"{one} {at}"
                previous = self._tag(previous, said)
                text += f"{said} {previous}\n"
            is_new = not self._path.exists()
            _write(self._path, whole, text)
            if is_new:
                sync_folder(self._path.parent)
            return len(new)

    def read(self) -> Sequence[HolderId]:
        """Return the accounts, the first one first.

        Raises:
            ErasedListDamaged, ErasedListOfAnother: it cannot be relied on.
            OSError: it cannot be read.
        """
        with self._gate:
            return [HolderId(line.partition(" ")[0]) for line in self._lines()]

    def _lines(self) -> list[str]:
        """Return the whole lines after the first one."""
        try:
            text = self._path.read_bytes().decode()
        except FileNotFoundError:
            return []
        except UnicodeDecodeError as error:
            raise ErasedListDamaged from error
        head, *lines = text.split("\n")
        if not self._is_ours(head, is_whole=bool(lines)):
            return []
        cut_off = lines.pop() if lines else ""
        previous = self._ring
        for line in lines:
            if not self._fits(previous, line):
                raise ErasedListDamaged
            previous = line.rpartition(" ")[2]
        return [*lines, cut_off] if cut_off and self._fits(previous, cut_off) else lines

    def _is_ours(self, head: str, *, is_whole: bool) -> bool:
        """Say whether the first line is the one of these keys; False if a crash cut it off, before any account."""
        ours = f"{_FORMAT} {self._ring}"
        if head == ours:
            return True
        if not is_whole and ours.startswith(head):
            return False
        named, _, ring = head.partition(" ")
        if named == _FORMAT and len(ring) == _RING_CHARS and is_whole:
            raise ErasedListOfAnother
        raise ErasedListDamaged

    def _fits(self, previous: str, line: str) -> bool:
        said, _, tag = line.rpartition(" ")
        return hmac.compare_digest(tag.encode(), self._tag(previous, said).encode())

    def _tag(self, previous: str, text: str) -> str:
        return self._keys.mac(MacPurpose.LOOKUP, _CONTEXT + f"{previous}\x00{text}".encode()).hex()


def _write(path: Path, whole: str, text: str) -> None:
    """Write ``text`` after ``whole``, which stands in the file already but for what a crash cut off."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, _MODE), "r+b") as file:
        kept = whole.encode()
        there = file.read(len(kept)) == kept
        file.seek(len(kept) if there else 0)
        file.truncate()
        file.write((text if there else whole + text).encode())
        file.flush()
        os.fsync(file.fileno())
