"""The writer's chain: every signed batch names its writer, its number there, and the root of the batch before.

The writer's name is made once and kept in the database, so all processes that write to it share one chain. A new name
begins when the database was put back (``eztong db restore``), and when the mark beside it knows of batches that the
database does not have, or where its newest rows cannot be read: what is written then must not take numbers that were
given out already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import bindparam, select

from eztong.adapters.storage.sql.readable import as_bytes
from eztong.adapters.storage.sql.repositories.settings import SqlSettings
from eztong.adapters.storage.sql.statements import Database, Statement
from eztong.adapters.storage.sql.tables.codes.batches import batches
from eztong.domain.damage import RowDamaged
from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.signed_note import NO_ROOT, BatchRoot, ChainPlace, is_writer, parse_note
from eztong.domain.evidence.writer_end import WriterEnd, end_of_writer, read_root

WRITER_SETTING = "chain_writer"

_CELLS = select(*as_bytes([batches.c.number, batches.c.note])).limit(bindparam("at_most"))
_LAST_OF_WRITER = Statement(_CELLS.where(batches.c.writer == bindparam("writer")).order_by(batches.c.number.desc()))
_LAST_UNCHAINED = Statement(_CELLS.where(batches.c.writer.is_(None)).order_by(batches.c.batch_id.desc()))
_NEWEST_NOTE = Statement(select(*as_bytes([batches.c.note])).order_by(batches.c.batch_id.desc()).limit(1))
_LOOKED_BACK: Final = 100
"""How many damaged rows at its end a chain is found behind."""


class ChainMarks(Protocol):
    """What is known beside the database of the batches that were written to it."""

    @property
    def notes(self) -> Sequence[str]:
        """Signed notes, unverified."""
        ...

    @property
    def ended(self) -> Sequence[str]:
        """Writers whose chain must not be gone on with."""
        ...


ReadMarks = Callable[[], ChainMarks]
"""Returns the marks as they are now.

Raises:
    ProofInvalid, PermissionError, IsADirectoryError: they are damaged or cannot be read, and so say nothing.
"""


@dataclass(frozen=True, slots=True)
class _Tip:
    """Where a chain ends; ``is_kept`` once the writer's name is committed."""

    writer: str
    number: int
    root: bytes
    is_kept: bool


def _only_writer() -> str:
    return WRITER_SETTING


class Chain:
    """Where the next batch stands. Used inside the round's transaction, by one thread at a time."""

    def __init__(self, database: Database, read_marks: ReadMarks, setting: Callable[[], str] = _only_writer) -> None:
        """Chain what is written over ``database``; ``read_marks`` says what is known beside it.

        ``setting`` names the setting that keeps the name of whoever writes over this connection.
        """
        self._db = database
        self._setting = setting
        self._settings = SqlSettings(database)
        self._read_marks = read_marks
        self._tip: _Tip | None = None
        self._signed: tuple[_Tip, str] | None = None
        self._newest_note: str | None = None

    @property
    def newest_notes(self) -> Sequence[str]:
        """Return the note that was committed last over this connection, if any. May be asked from any thread."""
        note = self._newest_note
        return [] if note is None else [note]

    def forget(self) -> None:
        """Read the end of the chain again: another process has committed."""
        self._tip = None

    def next_place(self, *, name_writer: Callable[[], str]) -> ChainPlace:
        """Return the place of the batch that is being made; ``name_writer`` makes the name of a writer that begins."""
        tip = self._tip = self._tip or self._load(name_writer)
        if not tip.is_kept:
            self._settings.set(self._setting(), tip.writer)
        return ChainPlace(writer=tip.writer, number=tip.number + 1, previous=tip.root)

    def signed(self, root: BatchRoot, note: str) -> None:
        """Remember what was signed; it counts only if :meth:`settle` says that it is committed."""
        if root.place is not None:
            self._signed = (_Tip(root.place.writer, root.place.number, root.root, is_kept=True), note)

    def settle(self) -> None:
        """Take over what was signed last: it is committed."""
        if self._signed is not None:
            self._tip, self._newest_note = self._signed

    def _load(self, name_writer: Callable[[], str]) -> _Tip:
        writer = self._writer()
        end = self._end(_LAST_OF_WRITER, {"writer": writer})
        last = end.root or self._end(_LAST_UNCHAINED, {}).root
        number = last.place.number if last is not None and last.place is not None else 0
        root = NO_ROOT if last is None else last.root
        # A row that cannot be read may have had the next number: it is given to nobody again.
        is_damaged = end.root is None or end.passed_over > 0
        if writer is None or is_damaged or self._is_behind(writer, number) or self._must_end(writer, number, root):
            return _Tip(name_writer(), 0, root, is_kept=False)
        return _Tip(writer, number, root, is_kept=True)

    def _is_behind(self, writer: str, number: int) -> bool:
        """Say whether the newest row of all knows more of the writer: its place may be damaged, its note says it."""
        for (note,) in self._db.all(_NEWEST_NOTE, {}):
            newest = read_root(note)
            place = None if newest is None else newest.place
            return newest is None or (place is not None and place.writer == writer and place.number > number)
        return False

    def _writer(self) -> str | None:
        """Return the writer's name; None if it is none that a note could say."""
        try:
            writer = self._settings.get(self._setting())
        except RowDamaged:
            return None
        return writer if writer is not None and is_writer(writer) else None

    def _must_end(self, writer: str, number: int, root: bytes) -> bool:
        try:
            marks = self._read_marks()
            places = [parse_note(note).unverified_root for note in marks.notes]
        except (ProofInvalid, PermissionError, IsADirectoryError):
            # The check says that the mark is damaged or cannot be read; it cannot say anything here.
            return False
        return writer in marks.ended or any(
            marked.place is not None
            and marked.place.writer == writer
            and (marked.place.number > number or (marked.place.number == number and marked.root != root))
            for marked in places
        )

    def _end(self, statement: Statement, params: dict[str, Any]) -> WriterEnd:
        found = end_of_writer(self._db.all(statement, {**params, "at_most": 1}))
        if found.passed_over:
            return end_of_writer(self._db.all(statement, {**params, "at_most": _LOOKED_BACK}))
        return found
