"""Versions of the brand over SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, literal_column, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.branding.versions import brand_versions
from eztong.domain.branding.document import parse_brand_document, render_brand
from eztong.domain.branding.version import BrandState, BrandVersion
from eztong.domain.damage import Listed
from eztong.ports.storage.branding.versions import BrandVersionRepository

_ADD = insert_into(brand_versions)
_GET = select_where(brand_versions, "version_id")
_LIST = Statement(
    select(*as_bytes(brand_versions.columns)).order_by(brand_versions.c.version_id.desc()).limit(bindparam("at_most"))
)
_IN_FORCE = Statement(
    select(brand_versions)
    .where(brand_versions.c.published_at.is_not(None))
    .order_by(brand_versions.c.published_at.desc(), brand_versions.c.version_id.desc())
    .limit(literal_column("1"))
)
_MOVE = Statement(
    update(brand_versions)
    .where(brand_versions.c.version_id == bindparam("of_version"), brand_versions.c.state == bindparam("seen"))
    .values(state=bindparam("to"), published_at=bindparam("published"))
)


class SqlBrandVersions(BrandVersionRepository):
    """Versions of the brand over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, version: BrandVersion) -> None:
        self._db.run(
            _ADD,
            {
                "version_id": version.version_id,
                "document": render_brand(version.brand),
                "state": version.state.value,
                "made_by": version.made_by,
                "made_at": to_ms(version.made_at),
                "published_at": to_ms_or_none(version.published_at),
            },
        )

    @override
    def get(self, version_id: str) -> BrandVersion | None:
        row = self._db.one(_GET, {"version_id": version_id})
        return None if row is None else _version(row)

    @override
    def in_force(self) -> BrandVersion | None:
        row = self._db.one(_IN_FORCE, {})
        return None if row is None else _version(row)

    @override
    def list(self, *, limit: int) -> Listed[BrandVersion]:
        return listed(_version, brand_versions, self._db.all(_LIST, {"at_most": limit}))

    @override
    def move(self, before: BrandVersion, after: BrandVersion) -> bool:
        params = {
            "of_version": before.version_id,
            "seen": before.state.value,
            "to": after.state.value,
            "published": to_ms_or_none(after.published_at),
        }
        return self._db.run(_MOVE, params) == 1


@reads(brand_versions)
def _version(row: Row) -> BrandVersion:
    return BrandVersion(
        version_id=row[0],
        brand=parse_brand_document(row[1].encode()),
        state=BrandState(row[2]),
        made_by=row[3],
        made_at=from_ms(row[4]),
        published_at=from_ms_or_none(row[5]),
    )
