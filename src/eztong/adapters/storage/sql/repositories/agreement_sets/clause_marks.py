"""Marks on clauses; and up to which holder everybody was told of a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Table, bindparam, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement
from eztong.adapters.storage.sql.tables.agreement_sets.clause_marks import clause_marks
from eztong.domain.agreement_sets.clause_mark import ClauseMark, Effect, MarkState
from eztong.domain.agreements import DocumentKind, document_kind
from eztong.domain.identifiers import HolderId
from eztong.domain.incidents.incident import Bilingual
from eztong.ports.storage.agreement_sets.clause_marks import ClauseMarkRepository

_TOLD: Final = ("told_until", "told_at")


def columns_without_telling(table: Table) -> list[Any]:
    """Return the columns of a table that say what a row is, not who was told of it."""
    return [column for column in table.columns if column.name not in _TOLD]


def insert_without_telling(table: Table) -> Statement:
    """Return the INSERT of a row of which nobody is to be told yet; one that is in the way stays."""
    keys = [column.name for column in columns_without_telling(table)]
    return Statement(insert(table).on_conflict_do_nothing(), keys=keys)


_INSERT_MARK = insert_without_telling(clause_marks)
_MARK = Statement(select(*columns_without_telling(clause_marks)).where(clause_marks.c.mark_id == bindparam("mark_id")))
_MARKS = Statement(select(*columns_without_telling(clause_marks)).order_by(clause_marks.c.mark_id.desc()))
_OF_TEXT = Statement(
    select(*columns_without_telling(clause_marks))
    .where(
        clause_marks.c.kind == bindparam("of_kind"),
        clause_marks.c.version == bindparam("of_version"),
        or_(
            clause_marks.c.state == MarkState.STANDING.value,
            clause_marks.c.state == MarkState.LIFTED.value,
        ),
    )
    .order_by(clause_marks.c.mark_id)
)
_MOVE_MARK = Statement(
    update(clause_marks)
    .where(clause_marks.c.mark_id == bindparam("of_mark"), clause_marks.c.state == bindparam("seen"))
    .values(state=bindparam("to"), lifted_at=bindparam("lifted"))
)


class _TellingStatements(NamedTuple):
    start: Statement
    next: Statement
    move: Statement


@cache
def _telling_of(table: Table, key: str) -> _TellingStatements:
    column = table.c[key]
    return _TellingStatements(
        start=Statement(update(table).where(column == bindparam("of_row")).values(told_until="", told_at=null())),
        next=Statement(
            select(column, table.c.told_until)
            .where(table.c.told_until.is_not(None), table.c.told_at.is_(None))
            .order_by(column)
            .limit(bindparam("at_most"))
        ),
        move=Statement(
            update(table)
            .where(column == bindparam("of_row"), table.c.told_until == bindparam("seen"), table.c.told_at.is_(None))
            .values(told_until=bindparam("until"), told_at=bindparam("done"))
        ),
    )


class Telling:
    """Up to which holder everybody was told of a row."""

    def __init__(self, database: Database, table: Table, key: str) -> None:
        self._db = database
        self._statements = _telling_of(table, key)

    def start(self, row: str) -> None:
        """Begin to tell everybody."""
        self._db.run(self._statements.start, {"of_row": row})

    def next(self) -> tuple[str, HolderId] | None:
        """Return a row that not everybody was told of, and up to whom everybody was."""
        row = self._db.one(self._statements.next, {"at_most": 1})
        return None if row is None else (row[0], HolderId(row[1]))

    def move(self, row: str, seen: HolderId, until: HolderId, done_at: datetime | None) -> bool:
        """Move the mark if it still is where it was seen; ``done_at`` ends it."""
        params = {"of_row": row, "seen": seen, "until": until, "done": to_ms_or_none(done_at)}
        return self._db.run(self._statements.move, params) == 1


class SqlClauseMarks(ClauseMarkRepository):
    """Marks on clauses over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._telling = Telling(database, clause_marks, "mark_id")

    @override
    def add(self, mark: ClauseMark) -> bool:
        return self._db.run(_INSERT_MARK, _mark_row(mark)) == 1

    @override
    def get(self, mark_id: str) -> ClauseMark | None:
        row = self._db.one(_MARK, {"mark_id": mark_id})
        return None if row is None else _mark(row)

    @override
    def list(self) -> Sequence[ClauseMark]:
        return [_mark(row) for row in self._db.all(_MARKS, {})]

    @override
    def of_text(self, kind: DocumentKind, version: str) -> Sequence[ClauseMark]:
        params = {"of_kind": kind.value, "of_version": version}
        return [_mark(row) for row in self._db.all(_OF_TEXT, params)]

    @override
    def move(self, mark_id: str, state: MarkState, *, seen: MarkState, lifted_at: datetime | None = None) -> bool:
        params = {"of_mark": mark_id, "seen": seen.value, "to": state.value, "lifted": to_ms_or_none(lifted_at)}
        return self._db.run(_MOVE_MARK, params) == 1

    @override
    def start_telling(self, mark_id: str) -> None:
        self._telling.start(mark_id)

    @override
    def to_tell(self) -> tuple[str, HolderId] | None:
        return self._telling.next()

    @override
    def told(self, mark_id: str, *, seen: HolderId, until: HolderId, done_at: datetime | None) -> bool:
        return self._telling.move(mark_id, seen, until, done_at)


def _mark_row(mark: ClauseMark) -> Mapping[str, object]:
    return {
        "mark_id": mark.mark_id,
        "kind": mark.kind.value,
        "version": mark.version,
        "clause": mark.clause,
        "effect": mark.effect.value,
        "since": to_ms(mark.since),
        "reason_zh": mark.reason.zh,
        "reason_en": mark.reason.en,
        "state": mark.state.value,
        "made_by": mark.made_by,
        "made_at": to_ms(mark.made_at),
        "lifted_at": to_ms_or_none(mark.lifted_at),
    }


@reads(clause_marks)
def _mark(row: Row) -> ClauseMark:
    return ClauseMark(
        mark_id=row[0],
        kind=document_kind(row[1]),
        version=row[2],
        clause=row[3],
        effect=Effect(row[4]),
        since=from_ms(row[5]),
        reason=Bilingual(row[6], row[7]),
        state=MarkState(row[8]),
        made_by=row[9],
        made_at=from_ms(row[10]),
        lifted_at=from_ms_or_none(row[11]),
    )
