"""The list of erased accounts beside the database: what no backup may bring to life again (PIPL art. 47; ADR 0055).

The first line says of which keyring it is: ``eztong/erased/v1 <fingerprint>``. Then one line for each account, only
ever appended: ``<account> <time> <tag>``. The tag is keyed over the line and the tag before it, so that no line can be
changed, added or taken out of the middle without the keys; the key is the look-up key, which never rotates. A last line
without its end counts if its tag fits; else a crash cut it off, and its account was not erased yet. That lines are
missing at the end no tag says: the database, which knows whom it has erased, is compared at each start.

What stands there is never written again: a disk that is full leaves the lines of before. Processes take turns.
"""

from __future__ import annotations

import hmac
import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eztong.adapters.keys.private_files import locked_folder, sync_folder, write_private
from eztong.adapters.storage.sql.stored_at import StoredAt
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


@dataclass(frozen=True, slots=True)
class TrustedLines:
    """What a list still proves: each line ``<account> <time>`` whose tag fits, and the accounts that others name."""

    said: Sequence[str]
    doubtful: Sequence[str]
    """What stands in the place of an account in lines that prove nothing."""

    @property
    def accounts(self) -> Sequence[HolderId]:
        """Return the accounts of the lines that fit."""
        return [_account(line) for line in self.said]


@dataclass(frozen=True, slots=True)
class _Read:
    """The whole lines after the first one; how many bytes of the file they take, and what is missing after them."""

    lines: Sequence[str]
    size: int
    missing: str


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


def erased_list_of(database: StoredAt) -> Path:
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
            OSError, FolderLocked: the file cannot be written; what stood there stands there.
            ErasedListDamaged, ErasedListOfAnother: it cannot be relied on; nothing was written.
        """
        with self._gate:
            # Whoever is listed already needs no turn.
            if not self._new(self._read().lines, accounts):
                return 0
            with locked_folder(self._path.parent):
                there = self._read()
                new = self._new(there.lines, accounts)
                previous = there.lines[-1].rpartition(" ")[2] if there.lines else self._ring
                at = render_time(self._clock.now())
                is_new = not self._path.exists()
                text = self._tagged(previous, (f"{one} {at}" for one in new))
                _append(self._path, there.missing + text, after=there.size)
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
            return [_account(line) for line in self._read().lines]

    def trusted(self) -> TrustedLines:
        """Return what a damaged list still proves: a line is believed if its tag fits the line before it as written.

        Raises:
            ErasedListOfAnother: it proves nothing to these keys.
            OSError: it cannot be read.
        """
        try:
            head, *lines = self._path.read_bytes().decode(errors="replace").split("\n")
        except FileNotFoundError:
            return TrustedLines([], [])
        if head != self._head():
            try:
                self._is_ours(head, is_whole=bool(lines))
            except ErasedListDamaged:
                # It may be the line of an account.
                lines = [head, *lines]
        said, doubted = list[str](), list[str]()
        before: tuple[str, ...] = (self._ring,)
        for line in filter(None, lines):
            words, _, tag = line.rpartition(" ")
            fitting = [one for one in before if self._fits(one, line)]
            if not fitting:
                doubted.append(words)
                # Either the words or the tag were changed: the next line goes on from the tag as it was written.
                before = (tag, self._tag(before[-1], words))
                continue
            if fitting[0] in before[1:]:
                # It was the tag: the line that follows proves the words.
                said.append(doubted.pop())
            said.append(words)
            before = (tag,)
        known = {_account(line) for line in said}
        return TrustedLines(said, [name for name in map(_account, doubted) if name not in known])

    def make_anew(self, said: Iterable[str], *, accounts: Iterable[HolderId]) -> None:
        """Put a whole list in place: ``said`` as an earlier one had it, then ``accounts``. Callers set that one aside.

        Raises:
            OSError, FolderLocked: it cannot be written; what stood there stands there.
        """
        at = render_time(self._clock.now())
        lines = {_account(line): line for line in said}
        lines |= {one: f"{one} {at}" for one in accounts if one not in lines}
        with self._gate, locked_folder(self._path.parent):
            write_private(self._path, f"{self._head()}\n{self._tagged(self._ring, lines.values())}".encode())

    def _head(self) -> str:
        return f"{_FORMAT} {self._ring}"

    def _new(self, lines: Sequence[str], accounts: Sequence[HolderId]) -> list[HolderId]:
        listed = {_account(line) for line in lines}
        return [one for one in dict.fromkeys(accounts) if one not in listed]

    def _tagged(self, previous: str, said: Iterable[str]) -> str:
        text = ""
        for one in said:
            previous = self._tag(previous, one)
            text += f"{one} {previous}\n"
        return text

    def _read(self) -> _Read:
        """Return what stands there, up to where a crash cut it off."""
        try:
            text = self._path.read_bytes().decode()
        except FileNotFoundError:
            return _Read([], 0, f"{self._head()}\n")
        except UnicodeDecodeError as error:
            raise ErasedListDamaged from error
        head, *lines = text.split("\n")
        if not self._is_ours(head, is_whole=bool(lines)):
            return _Read([], len(head), f"{self._head()[len(head) :]}\n")
        if not lines:
            return _Read([], len(head), "\n")
        cut_off = lines.pop()
        previous = self._ring
        for line in lines:
            if not self._fits(previous, line):
                raise ErasedListDamaged
            previous = line.rpartition(" ")[2]
        if cut_off and self._fits(previous, cut_off):
            return _Read([*lines, cut_off], len(text.encode()), "\n")
        return _Read(lines, len(text.encode()) - len(cut_off.encode()), "")

    def _is_ours(self, head: str, *, is_whole: bool) -> bool:
        """Say whether the first line is the one of these keys; False if a crash cut it off, before any account."""
        if head == self._head():
            return True
        if not is_whole and self._head().startswith(head):
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


def _account(line: str) -> HolderId:
    return HolderId(line.partition(" ")[0])


def _append(path: Path, text: str, *, after: int) -> None:
    """Write ``text`` after so many bytes, which stay as they are; what stands behind them was cut off by a crash."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, _MODE)
    with os.fdopen(handle, "wb") as file:
        file.truncate(after)
        file.seek(after)
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
