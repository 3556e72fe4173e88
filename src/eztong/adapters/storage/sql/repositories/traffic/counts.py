"""Counts that charts are drawn from, over SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import as_bytes, readable, reads, text_of, whole_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement
from eztong.adapters.storage.sql.tables.traffic.counts import traffic
from eztong.domain.traffic.counts import Count
from eztong.ports.storage.traffic.counts import TrafficRepository

_NEW = insert(traffic)
_ADD = Statement(
    _NEW.on_conflict_do_update(
        index_elements=[traffic.c.slot_at, traffic.c.name], set_={"count": traffic.c.count + _NEW.excluded.count}
    ),
    keys=traffic.columns.keys(),
)
_SINCE = Statement(
    select(*as_bytes(traffic.columns))
    .where(traffic.c.slot_at >= bindparam("since"))
    .order_by(traffic.c.slot_at, traffic.c.name)
)


class SqlTraffic(TrafficRepository):
    """Counts over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, slot: datetime, counts: Mapping[str, int]) -> None:
        for name, count in sorted(counts.items()):
            self._db.run(_ADD, {"slot_at": to_ms(slot), "name": name, "count": count})

    @override
    def since(self, moment: datetime) -> Sequence[Count]:
        return readable(_count, self._db.all(_SINCE, {"since": to_ms(moment)}))


@reads(traffic)
def _count(row: Row) -> Count:
    return Count(slot=from_ms(whole_of(row[0])), name=text_of(row[1]), count=whole_of(row[2]))
