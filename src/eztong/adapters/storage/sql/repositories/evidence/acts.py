"""Attested acts."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import bindparam, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into
from eztong.adapters.storage.sql.tables.evidence.acts import acts
from eztong.domain.events import read_actor
from eztong.domain.evidence.acts import ActKind, AttestedAct
from eztong.domain.identifiers import BatchId, HolderId
from eztong.ports.storage.evidence.acts import ActRepository

_INSERT = insert_into(acts)
_OF_HOLDER = Statement(select(acts).where(acts.c.holder_id == bindparam("holder_id")).order_by(acts.c.act_id.desc()))
_LEAF = Statement(
    select(acts.c.document, acts.c.batch_id, acts.c.leaf_index).where(
        acts.c.holder_id == bindparam("holder_id"), acts.c.act_id == bindparam("act_id")
    )
)


def _act(row: Row) -> AttestedAct:
    return AttestedAct(
        holder_id=HolderId(row[0]),
        act_id=row[1],
        kind=ActKind(row[2]),
        actor=read_actor(row[3]),
        at=from_ms(row[4]),
        about=json.loads(row[5]),
        salt=row[6],
    )


class SqlActs(ActRepository):
    """Acts over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, act: AttestedAct, *, document: bytes, batch_id: BatchId, leaf_index: int) -> None:
        self._db.run(
            _INSERT,
            {
                "holder_id": act.holder_id,
                "act_id": act.act_id,
                "kind": act.kind.value,
                "actor": act.actor.value,
                "at": to_ms(act.at),
                "about": json.dumps(dict(act.about), sort_keys=True),
                "salt": act.salt,
                "document": document,
                "batch_id": batch_id,
                "leaf_index": leaf_index,
            },
        )

    @override
    def of_holder(self, holder_id: HolderId) -> Sequence[AttestedAct]:
        return [_act(row) for row in self._db.all(_OF_HOLDER, {"holder_id": holder_id})]

    @override
    def leaf(self, holder_id: HolderId, act_id: str) -> tuple[bytes, BatchId, int] | None:
        row = self._db.one(_LEAF, {"holder_id": holder_id, "act_id": act_id})
        return None if row is None else (row[0], BatchId(row[1]), row[2])
