"""Sets of agreements, and marks on clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table, and_, bindparam, delete, exists, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.agreement_sets import agreement_members, agreement_sets, clause_marks
from eztong.adapters.storage.sql.tables.agreements import agreements
from eztong.domain.agreement_sets.agreement_set import AgreementSet, Member, in_order
from eztong.domain.agreement_sets.clause_mark import ClauseMark, Effect, MarkState
from eztong.domain.agreements import PRECEDENCE, AgreementState, ChangeClass, DocumentKind, document_kind
from eztong.domain.identifiers import HolderId
from eztong.domain.incidents.incident import Bilingual
from eztong.ports.storage.agreement_sets import AgreementSetRepository, ClauseMarkRepository

_DRAFT: Final = AgreementState.DRAFT.value
_TOLD: Final = ("told_until", "told_at")


def _columns(table: Table) -> list[Any]:
    return [column for column in table.columns if column.name not in _TOLD]


def _insert(table: Table) -> Statement:
    keys = [column.name for column in _columns(table)]
    return Statement(insert(table).on_conflict_do_nothing(), keys=keys)


_INSERT = _insert(agreement_sets)
_INSERT_MEMBER = insert_into(agreement_members)
_GET = Statement(select(*_columns(agreement_sets)).where(agreement_sets.c.set_id == bindparam("set_id")))
_LIST = Statement(select(*_columns(agreement_sets)).order_by(agreement_sets.c.number.desc()))
_DUE = Statement(
    select(*_columns(agreement_sets))
    .where(
        agreement_sets.c.state == AgreementState.SCHEDULED.value,
        agreement_sets.c.in_force_from <= bindparam("now"),
    )
    .order_by(agreement_sets.c.number)
)
_MEMBERS = select_where(agreement_members, "set_id")
_MOVE = Statement(
    update(agreement_sets)
    .where(agreement_sets.c.set_id == bindparam("of_set"), agreement_sets.c.state == bindparam("seen"))
    .values(state=bindparam("to"), in_force_from=bindparam("starts"), published_at=bindparam("published"))
)
_OF_DRAFT = exists().where(
    agreement_members.c.set_id == bindparam("of_set"),
    agreement_members.c.kind == agreements.c.kind,
    agreement_members.c.version == agreements.c.version,
)
_REMOVE_TEXTS = Statement(delete(agreements).where(agreements.c.state == _DRAFT, _OF_DRAFT))
_REMOVE_MEMBERS = Statement(delete(agreement_members).where(agreement_members.c.set_id == bindparam("of_set")))
_REMOVE = Statement(
    delete(agreement_sets).where(and_(agreement_sets.c.set_id == bindparam("of_set"), agreement_sets.c.state == _DRAFT))
)

_INSERT_MARK = _insert(clause_marks)
_MARK = Statement(select(*_columns(clause_marks)).where(clause_marks.c.mark_id == bindparam("mark_id")))
_MARKS = Statement(select(*_columns(clause_marks)).order_by(clause_marks.c.mark_id.desc()))
_OF_TEXT = Statement(
    select(*_columns(clause_marks))
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


class _Telling:
    """Up to which holder everybody was told of a row."""

    def __init__(self, database: Database, table: Table, key: str) -> None:
        column = table.c[key]
        self._db = database
        self._start = Statement(
            update(table).where(column == bindparam("of_row")).values(told_until="", told_at=null())
        )
        self._next = Statement(
            select(column, table.c.told_until)
            .where(table.c.told_until.is_not(None), table.c.told_at.is_(None))
            .order_by(column)
            .limit(bindparam("at_most"))
        )
        self._move = Statement(
            update(table)
            .where(column == bindparam("of_row"), table.c.told_until == bindparam("seen"), table.c.told_at.is_(None))
            .values(told_until=bindparam("until"), told_at=bindparam("done"))
        )

    def start(self, row: str) -> None:
        self._db.run(self._start, {"of_row": row})

    def next(self) -> tuple[str, HolderId] | None:
        row = self._db.one(self._next, {"at_most": 1})
        return None if row is None else (row[0], HolderId(row[1]))

    def move(self, row: str, seen: HolderId, until: HolderId, done_at: datetime | None) -> bool:
        params = {"of_row": row, "seen": seen, "until": until, "done": to_ms_or_none(done_at)}
        return self._db.run(self._move, params) == 1


class SqlAgreementSets(AgreementSetRepository):
    """Sets of agreements over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._telling = _Telling(database, agreement_sets, "set_id")

    @override
    def add(self, agreement_set: AgreementSet) -> bool:
        if self._db.run(_INSERT, _row(agreement_set)) != 1:
            return False
        for member in agreement_set.members:
            self._db.run(
                _INSERT_MEMBER,
                {
                    "set_id": agreement_set.set_id,
                    "kind": member.kind.value,
                    "version": member.version,
                    "change_class": None if member.change_class is None else member.change_class.value,
                    "grace_until": to_ms_or_none(member.grace_until),
                    "grace_ended_at": None,
                },
            )
        return True

    @override
    def remove_draft(self, set_id: str) -> bool:
        if self._db.run(_REMOVE, {"of_set": set_id}) != 1:
            return False
        self._db.run(_REMOVE_TEXTS, {"of_set": set_id})
        self._db.run(_REMOVE_MEMBERS, {"of_set": set_id})
        return True

    @override
    def get(self, set_id: str) -> AgreementSet | None:
        row = self._db.one(_GET, {"set_id": set_id})
        return None if row is None else self._set(row)

    @override
    def list(self) -> Sequence[AgreementSet]:
        return [self._set(row) for row in self._db.all(_LIST, {})]

    @override
    def move(self, before: AgreementSet, after: AgreementSet) -> bool:
        params = {
            "of_set": before.set_id,
            "seen": before.state.value,
            "to": after.state.value,
            "starts": to_ms(after.in_force_from),
            "published": to_ms_or_none(after.published_at),
        }
        return self._db.run(_MOVE, params) == 1

    @override
    def due(self, *, now: datetime) -> Sequence[AgreementSet]:
        return [self._set(row) for row in self._db.all(_DUE, {"now": to_ms(now)})]

    @override
    def start_telling(self, set_id: str) -> None:
        self._telling.start(set_id)

    @override
    def to_tell(self) -> tuple[str, HolderId] | None:
        return self._telling.next()

    @override
    def told(self, set_id: str, *, seen: HolderId, until: HolderId, done_at: datetime | None) -> bool:
        return self._telling.move(set_id, seen, until, done_at)

    def _set(self, row: Row) -> AgreementSet:
        members = [_member(found) for found in self._db.all(_MEMBERS, {"set_id": row[0]})]
        return AgreementSet(
            set_id=row[0],
            number=row[1],
            state=AgreementState(row[2]),
            in_force_from=from_ms(row[3]),
            members=in_order(members, PRECEDENCE),
            changes=None if row[4] is None or row[5] is None else Bilingual(row[4], row[5]),
            printed=row[6],
            made_by=row[7],
            made_at=from_ms(row[8]),
            published_at=from_ms_or_none(row[9]),
        )


class SqlClauseMarks(ClauseMarkRepository):
    """Marks on clauses over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._telling = _Telling(database, clause_marks, "mark_id")

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


def _row(agreement_set: AgreementSet) -> Mapping[str, object]:
    changes = agreement_set.changes
    return {
        "set_id": agreement_set.set_id,
        "number": agreement_set.number,
        "state": agreement_set.state.value,
        "in_force_from": to_ms(agreement_set.in_force_from),
        "changes_zh": None if changes is None else changes.zh,
        "changes_en": None if changes is None else changes.en,
        "printed": agreement_set.printed,
        "made_by": agreement_set.made_by,
        "made_at": to_ms(agreement_set.made_at),
        "published_at": to_ms_or_none(agreement_set.published_at),
    }


def _member(row: Row) -> Member:
    return Member(
        kind=document_kind(row[1]),
        version=row[2],
        change_class=None if row[3] is None else ChangeClass(row[3]),
        grace_until=from_ms_or_none(row[4]),
    )


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
