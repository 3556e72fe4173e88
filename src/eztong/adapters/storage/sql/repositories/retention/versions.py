"""Versions of the periods over SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.retention.versions import retention_versions
from eztong.domain.damage import Listed
from eztong.domain.retention.document import read_periods, render_periods
from eztong.domain.retention.version import RetentionState, RetentionVersion
from eztong.ports.storage.retention.versions import RetentionVersionRepository

_ADD = insert_into(retention_versions)
_GET = select_where(retention_versions, "version_id")
_LIST = Statement(
    select(*as_bytes(retention_versions.columns))
    .order_by(retention_versions.c.version_id.desc())
    .limit(bindparam("at_most"))
)
_PUBLISHED = Statement(
    select(*as_bytes(retention_versions.columns)).where(retention_versions.c.published_at.is_not(None))
)
_MOVE = Statement(
    update(retention_versions)
    .where(retention_versions.c.version_id == bindparam("of_version"), retention_versions.c.state == bindparam("seen"))
    .values(state=bindparam("to"), published_at=bindparam("published"))
)


class SqlRetentionVersions(RetentionVersionRepository):
    """Versions of the periods over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, version: RetentionVersion) -> None:
        self._db.run(
            _ADD,
            {
                "version_id": version.version_id,
                "periods": render_periods(version.periods),
                "starts_at": to_ms(version.starts_at),
                "based_on": version.based_on,
                "state": version.state.value,
                "made_by": version.made_by,
                "made_at": to_ms(version.made_at),
                "published_at": to_ms_or_none(version.published_at),
            },
        )

    @override
    def get(self, version_id: str) -> RetentionVersion | None:
        row = self._db.one(_GET, {"version_id": version_id})
        return None if row is None else _version(row)

    @override
    def list(self, *, limit: int) -> Listed[RetentionVersion]:
        return listed(_version, retention_versions, self._db.all(_LIST, {"at_most": limit}))

    @override
    def published(self) -> Listed[RetentionVersion]:
        return listed(_version, retention_versions, self._db.all(_PUBLISHED, {}))

    @override
    def move(self, before: RetentionVersion, after: RetentionVersion) -> bool:
        params = {
            "of_version": before.version_id,
            "seen": before.state.value,
            "to": after.state.value,
            "published": to_ms_or_none(after.published_at),
        }
        return self._db.run(_MOVE, params) == 1


@reads(retention_versions)
def _version(row: Row) -> RetentionVersion:
    return RetentionVersion(
        version_id=row[0],
        periods=read_periods(row[1]),
        starts_at=from_ms(row[2]),
        based_on=row[3],
        state=RetentionState(row[4]),
        made_by=row[5],
        made_at=from_ms(row[6]),
        published_at=from_ms_or_none(row[7]),
    )
