"""Attested acts over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into
from eztong.adapters.storage.sql.tables.evidence.acts import acts
from eztong.domain.evidence.attested_act import ActKind, AttestedAct
from eztong.domain.identifiers import BatchId, HolderId
from eztong.ports.storage.evidence.acts import ActRepository

_ACT_FIELDS: Final = ("act_id", "kind", "subject", "actor", "operator", "holder_id", "at", "salt")
_ACT_COLUMNS: Final = tuple(acts.c[name] for name in _ACT_FIELDS)
_ADD_ACT = insert_into(acts)
_ACTS_OF_SUBJECT = Statement(
    select(*_ACT_COLUMNS).where(acts.c.subject == bindparam("subject")).order_by(acts.c.act_id)
)
_ACTS_OF_HOLDER = Statement(
    select(*_ACT_COLUMNS).where(acts.c.holder_id == bindparam("holder_id")).order_by(acts.c.act_id)
)

_LEAF = Statement(
    select(acts.c.document, acts.c.batch_id, acts.c.leaf_index).where(
        acts.c.act_id == bindparam("act_id"), acts.c.holder_id == bindparam("holder_id")
    )
)

_LEAVES = Statement(
    select(acts.c.document, acts.c.batch_id, acts.c.leaf_index)
    .where(acts.c.subject == bindparam("subject"))
    .order_by(acts.c.act_id)
)


class SqlActs(ActRepository):
    """Attested acts over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, attested: AttestedAct, *, document: bytes, batch_id: BatchId, leaf_index: int) -> None:
        self._db.run(
            _ADD_ACT,
            {
                "act_id": attested.act_id,
                "kind": attested.kind.value,
                "subject": attested.subject,
                "actor": attested.actor,
                "operator": attested.operator,
                "holder_id": attested.holder_id,
                "at": to_ms(attested.at),
                "salt": attested.salt,
                "document": document,
                "batch_id": batch_id,
                "leaf_index": leaf_index,
            },
        )

    @override
    def of_subject(self, subject: str) -> Sequence[AttestedAct]:
        return [_act(row) for row in self._db.all(_ACTS_OF_SUBJECT, {"subject": subject})]

    @override
    def of_holder(self, holder_id: HolderId) -> Sequence[AttestedAct]:
        return [_act(row) for row in self._db.all(_ACTS_OF_HOLDER, {"holder_id": holder_id})]

    @override
    def leaf(self, holder_id: HolderId, act_id: str) -> tuple[bytes, BatchId, int] | None:
        row = self._db.one(_LEAF, {"holder_id": holder_id, "act_id": act_id})
        return None if row is None else (row[0], BatchId(row[1]), row[2])

    @override
    def leaves(self, subject: str) -> Sequence[tuple[bytes, BatchId, int]]:
        return [(row[0], BatchId(row[1]), row[2]) for row in self._db.all(_LEAVES, {"subject": subject})]


@reads(acts)
def _act(row: Row) -> AttestedAct:
    return AttestedAct(
        act_id=row[0],
        kind=ActKind(row[1]),
        subject=row[2],
        actor=row[3],
        operator=row[4],
        holder_id=HolderId(row[5]) if row[5] else None,
        at=from_ms(row[6]),
        salt=row[7],
    )
