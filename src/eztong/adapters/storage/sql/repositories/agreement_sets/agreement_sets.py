"""Sets of agreements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, delete, exists, literal_column, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, reads, text_of
from eztong.adapters.storage.sql.repositories.agreement_sets.clause_marks import (
    Telling,
    columns_without_telling,
    insert_without_telling,
)
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.agreement_sets.agreement_sets import agreement_members, agreement_sets
from eztong.adapters.storage.sql.tables.agreements import agreements
from eztong.domain.agreement_sets.agreement_set import AgreementSet, Member, in_order
from eztong.domain.agreements import PRECEDENCE, AgreementState, ChangeClass, document_kind
from eztong.domain.damage import Listed, RowDamaged
from eztong.domain.identifiers import HolderId
from eztong.domain.incidents.incident import Bilingual
from eztong.ports.storage.agreement_sets.agreement_sets import AgreementSetRepository

_DRAFT: Final = AgreementState.DRAFT.value
_INSERT = insert_without_telling(agreement_sets)
_INSERT_MEMBER = insert_into(agreement_members)
_GET = Statement(select(*columns_without_telling(agreement_sets)).where(agreement_sets.c.set_id == bindparam("set_id")))
_BY_NUMBER = Statement(
    select(*columns_without_telling(agreement_sets)).where(agreement_sets.c.number == bindparam("number"))
)
_IN_FORCE = Statement(
    select(*columns_without_telling(agreement_sets))
    .where(agreement_sets.c.state == AgreementState.IN_FORCE.value)
    .order_by(agreement_sets.c.number.desc())
    .limit(literal_column("1"))
)
_LIST = Statement(select(*columns_without_telling(agreement_sets)).order_by(agreement_sets.c.number.desc()))
_DUE_IDS = Statement(
    select(*as_bytes([agreement_sets.c.set_id]))
    .where(
        agreement_sets.c.state == AgreementState.SCHEDULED.value,
        agreement_sets.c.in_force_from <= bindparam("now"),
    )
    .order_by(agreement_sets.c.number)
)
_GRACE_OVER = Statement(
    select(literal_column("1"))
    .where(agreement_members.c.grace_ended_at.is_(None), agreement_members.c.grace_until <= bindparam("now"))
    .limit(literal_column("1"))
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


class SqlAgreementSets(AgreementSetRepository):
    """Sets of agreements over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._telling = Telling(database, agreement_sets, "set_id")

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
    def by_number(self, number: int) -> AgreementSet | None:
        row = self._db.one(_BY_NUMBER, {"number": number})
        return None if row is None else self._set(row)

    @override
    def in_force(self) -> AgreementSet | None:
        row = self._db.one(_IN_FORCE, {})
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
    def due(self, *, now: datetime) -> Listed[AgreementSet]:
        return Listed(self._db.all(_DUE_IDS, {"now": to_ms(now)})).each(self._due)

    @override
    def has_grace_over(self, *, now: datetime) -> bool:
        return self._db.one(_GRACE_OVER, {"now": to_ms(now)}) is not None

    @override
    def start_telling(self, set_id: str) -> None:
        self._telling.start(set_id)

    @override
    def to_tell(self) -> tuple[str, HolderId] | None:
        return self._telling.next()

    @override
    def told(self, set_id: str, *, seen: HolderId, until: HolderId, done_at: datetime | None) -> bool:
        return self._telling.move(set_id, seen, until, done_at)

    def _due(self, row: Row) -> AgreementSet:
        found = self._db.one(_GET, {"set_id": _set_id(row)})
        if found is None:
            raise RowDamaged(agreement_sets.name, "set_id")
        return self._set(found)

    def _set(self, row: Row) -> AgreementSet:
        members = [_member(found) for found in self._db.all(_MEMBERS, {"set_id": row[0]})]
        return replace(_without_members(row), members=in_order(members, PRECEDENCE))


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


@reads(agreement_sets)
def _set_id(row: Row) -> str:
    return text_of(row[0])


@reads(agreement_sets)
def _without_members(row: Row) -> AgreementSet:
    return AgreementSet(
        set_id=row[0],
        number=row[1],
        state=AgreementState(row[2]),
        in_force_from=from_ms(row[3]),
        members=(),
        changes=None if row[4] is None or row[5] is None else Bilingual(row[4], row[5]),
        printed=row[6],
        made_by=row[7],
        made_at=from_ms(row[8]),
        published_at=from_ms_or_none(row[9]),
    )


@reads(agreement_members)
def _member(row: Row) -> Member:
    return Member(
        kind=document_kind(row[1]),
        version=row[2],
        change_class=None if row[3] is None else ChangeClass(row[3]),
        grace_until=from_ms_or_none(row[4]),
    )
