"""Marks on accounts, their effect on the account, and identity documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.holders import holders
from eztong.adapters.storage.sql.tables.restrictions.restrictions import identity_documents, restrictions
from eztong.domain.events import Actor, read_actor
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.restrictions.document import IdentityDocument
from eztong.domain.restrictions.mark import Cause, Ceiling, Restriction
from eztong.ports.storage.restrictions.restrictions import RestrictionRepository

_INSERT = insert_into(restrictions)
_LIST = Statement(
    select(restrictions)
    .where(restrictions.c.holder_id == bindparam("holder_id"))
    .order_by(restrictions.c.restriction_id.desc())
)
_LIFT = Statement(
    update(restrictions)
    .where(
        restrictions.c.holder_id == bindparam("of_holder"),
        restrictions.c.restriction_id == bindparam("of_mark"),
        restrictions.c.until.is_(None),
    )
    .values(until=bindparam("moment"), lifted_by=bindparam("by_whom"))
)
# Rows of before have no number.
_CHANGES: Final = func.coalesce(holders.c.mark_changes, bindparam("none"))
_HOLD_TO = Statement(
    update(holders)
    .where(holders.c.holder_id == bindparam("of_holder"), bindparam("seen") == _CHANGES)
    .values(ceiling=bindparam("new_ceiling"), mark_changes=bindparam("new_changes"))
)
_DOCUMENT = select_where(identity_documents, "holder_id")
_fresh = insert(identity_documents)
_KEEP = Statement(
    _fresh.on_conflict_do_update(
        index_elements=[identity_documents.c.holder_id],
        set_={name: _fresh.excluded[name] for name in ("checked_at", "sealed_valid_until", "reminded")},
    ),
    keys=identity_documents.columns.keys(),
)
_REMIND = Statement(
    update(identity_documents)
    .where(
        identity_documents.c.holder_id == bindparam("of_holder"),
        identity_documents.c.checked_at == bindparam("checked"),
        func.coalesce(identity_documents.c.reminded, bindparam("none")) == bindparam("seen"),
    )
    .values(reminded=bindparam("days"))
)
_NEVER: Final = -1


class SqlRestrictions(RestrictionRepository):
    """Marks and documents over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, mark: Restriction) -> None:
        self._db.run(
            _INSERT,
            {
                "holder_id": mark.holder_id,
                "restriction_id": mark.restriction_id,
                "cause": mark.cause.value,
                "ceiling": mark.ceiling.value,
                "rule": mark.rule,
                "actor": mark.by.value,
                "since": to_ms(mark.since),
                "until": to_ms_or_none(mark.until),
                "lifted_by": None if mark.lifted_by is None else mark.lifted_by.value,
            },
        )

    @override
    def list(self, holder_id: HolderId) -> Sequence[Restriction]:
        return [_mark(row) for row in self._db.all(_LIST, {"holder_id": holder_id})]

    @override
    def lift(self, mark: Restriction, *, by: Actor, now: datetime) -> bool:
        params = {
            "of_holder": mark.holder_id,
            "of_mark": mark.restriction_id,
            "moment": to_ms(now),
            "by_whom": by.value,
        }
        return self._db.run(_LIFT, params) == 1

    @override
    def hold_to(self, holder: Holder, ceiling: Ceiling | None) -> bool:
        params = {
            "of_holder": holder.holder_id,
            "seen": holder.mark_changes,
            "none": 0,
            "new_ceiling": None if ceiling is None else ceiling.value,
            "new_changes": holder.mark_changes + 1,
        }
        return self._db.run(_HOLD_TO, params) == 1

    @override
    def document(self, holder_id: HolderId) -> IdentityDocument | None:
        row = self._db.one(_DOCUMENT, {"holder_id": holder_id})
        return None if row is None else _document(row)

    @override
    def keep_document(self, document: IdentityDocument) -> None:
        self._db.run(
            _KEEP,
            {
                "holder_id": document.holder_id,
                "checked_at": to_ms(document.checked_at),
                "sealed_valid_until": document.sealed_valid_until,
                "reminded": document.reminded,
            },
        )

    @override
    def note_reminder(self, document: IdentityDocument, days: int) -> bool:
        params = {
            "of_holder": document.holder_id,
            "checked": to_ms(document.checked_at),
            "seen": _NEVER if document.reminded is None else document.reminded,
            "none": _NEVER,
            "days": days,
        }
        return self._db.run(_REMIND, params) == 1


@reads(restrictions)
def _mark(row: Row) -> Restriction:
    return Restriction(
        holder_id=HolderId(row[0]),
        restriction_id=row[1],
        cause=Cause(row[2]),
        ceiling=Ceiling(row[3]),
        rule=row[4],
        by=read_actor(row[5]),
        since=from_ms(row[6]),
        until=from_ms_or_none(row[7]),
        lifted_by=None if row[8] is None else read_actor(row[8]),
    )


@reads(identity_documents)
def _document(row: Row) -> IdentityDocument:
    return IdentityDocument(
        holder_id=HolderId(row[0]),
        checked_at=from_ms(row[1]),
        sealed_valid_until=row[2],
        reminded=row[3],
    )
