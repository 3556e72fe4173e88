"""The audit over SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads, whole_of
from eztong.adapters.storage.sql.statements import TOP, Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.operators.audit import audit_entries
from eztong.domain.damage import Listed
from eztong.domain.identifiers import BatchId
from eztong.domain.operators.audit import BEGIN_WITH, AuditCount, AuditDoor, AuditEntry, AuditFilter, AuditStep
from eztong.ports.storage.operators.audit import AuditRepository

_ID: Final = audit_entries.c.entry_id
_ASKED: Final = ("operator", "subject", "what", "correlation")
_COUNTS = Statement(
    select(audit_entries.c.what, audit_entries.c.step, func.count())
    .where(audit_entries.c.at >= bindparam("since"))
    .group_by(audit_entries.c.what, audit_entries.c.step)
    .order_by(audit_entries.c.what, audit_entries.c.step)
)
_ADD = insert_into(audit_entries)
_GET = select_where(audit_entries, "entry_id")


def _for_each_filter(make: Callable[[Any], Any]) -> dict[frozenset[str], Statement]:
    """Return a statement for every choice of fields that may be asked: each is written out, so that an index serves."""
    made = {}
    for many in range(len(_ASKED) + 1):
        for names in combinations(_ASKED, many):
            asked = [audit_entries.c[name] == bindparam(f"of_{name}") for name in names]
            made[frozenset(names)] = Statement(make(select(*as_bytes(audit_entries.columns)).where(*asked)))
    return made


_OLDER: Final = _for_each_filter(
    lambda found: (
        found.where(bindparam("edge") > _ID, bindparam("since") <= _ID).order_by(_ID.desc()).limit(bindparam("at_most"))
    )
)
_NEWER: Final = _for_each_filter(
    lambda found: found.where(bindparam("edge") < _ID, bindparam("end") > _ID).order_by(_ID).limit(bindparam("at_most"))
)


def _values(field: str, is_past: Callable[[Any], Any]) -> Statement:
    column = audit_entries.c[field]
    return Statement(select(column).where(is_past(column)).order_by(column).limit(bindparam("at_most")))


_FIRST_VALUE: Final = {field: _values(field, lambda column: column >= bindparam("edge")) for field in BEGIN_WITH}
_NEXT_VALUE: Final = {field: _values(field, lambda column: column > bindparam("edge")) for field in BEGIN_WITH}


class SqlAudit(AuditRepository):
    """The audit over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, entry: AuditEntry, *, document: bytes, batch_id: BatchId, leaf_index: int) -> None:
        self._db.run(
            _ADD,
            {
                "entry_id": entry.entry_id,
                "at": to_ms(entry.at),
                "step": entry.step.value,
                "what": entry.what,
                "operator": entry.operator,
                "roles": " ".join(sorted(entry.roles)),
                "door": entry.door.value,
                "correlation": entry.correlation,
                "subject": entry.subject,
                "error": entry.error,
                "change": entry.change,
                "salt": entry.salt,
                "document": document,
                "batch_id": batch_id,
                "leaf_index": leaf_index,
            },
        )

    @override
    def get(self, entry_id: str) -> AuditEntry | None:
        row = self._db.one(_GET, {"entry_id": entry_id})
        return None if row is None else _entry(row)

    @override
    def older(self, asked: AuditFilter, *, before: str = "", limit: int) -> Listed[AuditEntry]:
        return listed(
            _entry,
            audit_entries,
            self._found(_OLDER, asked, limit=limit, edge=min(before or TOP, asked.end or TOP), since=asked.since),
        )

    @override
    def newer(self, asked: AuditFilter, *, after: str, limit: int) -> Listed[AuditEntry]:
        rows = self._found(_NEWER, asked, limit=limit, edge=max(after, asked.since), end=asked.end or TOP)
        return listed(_entry, audit_entries, rows[::-1])

    @override
    def values(self, field: str, beginning: str, *, limit: int) -> Sequence[str]:
        found: list[str] = []
        row = self._db.one(_FIRST_VALUE[field], {"edge": beginning, "at_most": 1})
        while row is not None and row[0].startswith(beginning) and len(found) < limit:
            found.append(row[0])
            row = self._db.one(_NEXT_VALUE[field], {"edge": row[0], "at_most": 1})
        return found

    @override
    def counts(self, *, since: datetime) -> Sequence[AuditCount]:
        return [_count(row) for row in self._db.all(_COUNTS, {"since": to_ms(since)})]

    def _found(
        self, statements: dict[frozenset[str], Statement], asked: AuditFilter, *, limit: int, **edges: str
    ) -> list[Row]:
        params = {f"of_{name}": value for name, value in asked.whole.items()}
        return self._db.all(statements[frozenset(asked.whole)], {**params, **edges, "at_most": limit})


@reads(audit_entries)
def _entry(row: Row) -> AuditEntry:
    return AuditEntry(
        entry_id=row[0],
        at=from_ms(row[1]),
        step=AuditStep(row[2]),
        what=row[3],
        operator=row[4],
        roles=frozenset(row[5].split()),
        door=AuditDoor(row[6]),
        correlation=row[7],
        subject=row[8],
        error=row[9],
        change=row[10],
        salt=row[11],
    )


@reads(audit_entries)
def _count(row: Row) -> AuditCount:
    return AuditCount(what=row[0], step=AuditStep(row[1]), entries=whole_of(row[2]))
